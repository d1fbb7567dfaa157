import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "./body.ts";
import { type Delivery, StreamDelivery, WholeDelivery } from "./delivery.ts";
import { type Fault, faultNamed } from "./faults.ts";
import type { Gateway } from "./gateway.ts";
import { countImages } from "./images.ts";
import { buildPrompt } from "./prompt.ts";
import { type CompletionRequest, parseCompletionRequest } from "./request.ts";
import type { RequestRecord } from "./request-log.ts";
import { invalidRequest, Refusal } from "./respond.ts";
import { resolveSessionKey } from "./session-key.ts";
import { headerText, resolveAgent, resolveModel } from "./target.ts";
import { runTurn, type Turn } from "./turn.ts";
import { waitForever } from "./wait.ts";

/**
 * `POST /v1/chat/completions`: one turn of one agent. The caller's disconnect cancels it, whatever it is at.
 *
 * @throws {Refusal} whenever no run begins
 */
export async function complete(req: IncomingMessage, res: ServerResponse, gateway: Gateway): Promise<void> {
  const record = gateway.requests.open(req);
  const signal = disconnectSignal(res);
  try {
    const { request, turn } = admit(req, gateway, await readBody(req), record);
    await misbehave(turn.fault, res, signal);
    const identity = {
      runId: turn.runId,
      created: Math.floor(Date.now() / 1000),
      model: request.model,
    };
    const delivery: Delivery = request.stream
      ? new StreamDelivery(res, identity, request.includeUsage)
      : new WholeDelivery(res, identity);
    delivery.open();
    gateway.requests.update(record, { runId: turn.runId, status: request.stream ? 200 : null });
    await runTurn(turn, { gateway, record, delivery, res, signal });
  } catch (error) {
    if (error instanceof Refusal) {
      gateway.requests.update(record, { state: "refused", status: error.status });
      throw error;
    }
    if (!signal.aborted && !req.errored) throw error;
    gateway.requests.update(record, { state: "cancelled" });
  }
}

/** Everything that OpenClaw decides before it sends headers, in its order. */
function admit(
  req: IncomingMessage,
  gateway: Gateway,
  body: string,
  record: RequestRecord,
): { request: CompletionRequest; turn: Turn } {
  gateway.requests.update(record, { body: parsedOrText(body) });
  const request = parseCompletionRequest(body);
  const named = resolveAgent(gateway, request.model, req.headers);
  const header = headerText(req.headers, "x-openclaw-session-key");
  const address = resolveSessionKey(gateway, named, header, request.user);
  const isStored = "key" in address;
  const agent = isStored ? address.agent : named;
  const session = isStored ? address.key : "";
  const model = resolveModel(gateway, agent, req.headers);
  const prompt = buildPrompt(request.messages, countImages(request.messages) > 0);
  if (!prompt.message) throw invalidRequest("Missing user message in `messages`.");

  gateway.requests.update(record, { agent, session: session || null });
  const subject = { text: prompt.text, agent, session };
  const reply = isStored ? gateway.replies.take(subject) : undefined;
  const fault: Fault | undefined = isStored
    ? reply?.error && faultNamed(reply.error, model.provider)
    : address;
  if (fault?.kind === "refusal") throw fault.refuse();
  const runId = `chatcmpl_${randomUUID()}`;
  const isNamed = header !== "" || Boolean(request.user?.trim());
  return { request, turn: { subject, prompt, model, reply, fault, runId, isNamed } };
}

/** The faults that come before any header. */
async function misbehave(fault: Fault | undefined, res: ServerResponse, signal: AbortSignal): Promise<void> {
  if (fault?.kind !== "transport") return;
  if (fault.act === "reset") res.destroy();
  if (fault.act === "reset" || fault.act === "no_headers") await waitForever(signal);
}

function disconnectSignal(res: ServerResponse): AbortSignal {
  const controller = new AbortController();
  res.once("close", () => {
    if (!res.writableFinished) controller.abort(new Error("The caller went away."));
  });
  return controller.signal;
}

function parsedOrText(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
