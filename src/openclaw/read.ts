import * as z from "zod/mini";
import { parseJson } from "../domain/json.ts";
import { GATEWAY_REQUEST_TIMEOUT_MS } from "../limits.ts";
import { errorText } from "../observe/redact.ts";
import { Deadline } from "../remote/deadline.ts";
import { type Remote, remoteHeaders } from "../remote/headers.ts";
import { classifyAnswer, failure, type GatewayFailure } from "./errors.ts";
import { replyText } from "./reply.ts";

const Models = z.object({ data: z.array(z.object({ id: z.string() })) });
const History = z.object({
  items: z.array(
    z.object({
      role: z.string(),
      content: z.union([z.string(), z.array(z.object({ type: z.string(), text: z.optional(z.string()) }))]),
      stopReason: z.optional(z.string()),
      __openclaw: z.optional(z.object({ runId: z.optional(z.string()) })),
    }),
  ),
});

type HistoryItem = z.infer<typeof History>["items"][number];

/** Newest items of a session that are searched for a run. */
const HISTORY_ITEMS = 50;

type Read<Answer> = { ok: true; answer: Answer } | { ok: false; failure: GatewayFailure };

export type AgentOutcome = { kind: "agent"; agentId: string } | { kind: "failed"; failure: GatewayFailure };

/**
 * The gateway's only agent. `openclaw` and `openclaw/default` are listed whatever agents there are, and fail as soon as
 * there are two.
 */
export async function onlyAgent(gateway: Remote): Promise<AgentOutcome> {
  const read = await get(gateway, "/v1/models", Models);
  if (!read.ok) return { kind: "failed", failure: read.failure };
  const agents = read.answer.data
    .map((model) => model.id)
    .filter((id) => id.startsWith("openclaw/") && id !== "openclaw/default")
    .map((id) => id.slice("openclaw/".length));
  const [agentId, ...others] = agents;
  if (agentId !== undefined && others.length === 0) return { kind: "agent", agentId };
  const found = agents.length === 0 ? "the gateway lists no agent" : `the gateway has ${agents.join(", ")}`;
  return { kind: "failed", failure: failure("agent_ambiguous", found) };
}

export type RecoverOutcome =
  | { kind: "answered"; text: string }
  /** The session has no answer of that run: it was cancelled, or said nothing. */
  | { kind: "absent" }
  | { kind: "failed"; failure: GatewayFailure };

/** How the history ends a text that it has cut, which it does after 8,000 characters. */
const TRUNCATED = "...(truncated)...";

/**
 * Looks up what became of a run whose stream was lost. A lost stream cancels its run, unless the answer was already
 * written.
 *
 * Under one run id the history also has what is no answer: a provider's error (`stopReason` `error`), a timeout
 * (`aborted`), empty attempts, and what was said before a tool call (no `stopReason`). The answer is the last one that
 * stopped by itself and has text; one that the history has cut is no whole answer.
 *
 * @param runId as the first frame of the stream gave it
 */
export async function recoverRun(
  gateway: Remote,
  sessionKey: string,
  runId: string,
): Promise<RecoverOutcome> {
  const read = await itemsOfRun(gateway, sessionKey, runId);
  if (!read.ok)
    return read.failure.status === 404 ? { kind: "absent" } : { kind: "failed", failure: read.failure };
  const said = read.answer.findLast(isAnswer);
  const text = said === undefined ? undefined : replyText(textOf(said.content));
  return text === undefined || text.endsWith(TRUNCATED) ? { kind: "absent" } : { kind: "answered", text };
}

/** Whether the history says of a run that it failed: its stream ends in the same words as one that had nothing to say. */
export async function runFailed(gateway: Remote, sessionKey: string, runId: string): Promise<boolean> {
  const read = await itemsOfRun(gateway, sessionKey, runId);
  const stopped = read.ok ? read.answer.at(-1)?.stopReason : undefined;
  return stopped === "error" || stopped === "aborted";
}

async function itemsOfRun(gateway: Remote, sessionKey: string, runId: string): Promise<Read<HistoryItem[]>> {
  const path = `/sessions/${encodeURIComponent(sessionKey)}/history?limit=${HISTORY_ITEMS}`;
  const read = await get(gateway, path, History);
  if (!read.ok) return read;
  const items = read.answer.items.filter(
    (item) => item.role === "assistant" && item.__openclaw?.runId === runId,
  );
  return { ok: true, answer: items };
}

function isAnswer(item: HistoryItem): boolean {
  return (item.stopReason === "stop" || item.stopReason === "length") && textOf(item.content).trim() !== "";
}

function textOf(content: HistoryItem["content"]): string {
  if (typeof content === "string") return content;
  return content.map((part) => (part.type === "text" ? (part.text ?? "") : "")).join("");
}

async function get<Answer>(
  gateway: Remote,
  path: string,
  schema: z.core.$ZodType<Answer>,
): Promise<Read<Answer>> {
  const deadline = new Deadline(GATEWAY_REQUEST_TIMEOUT_MS);
  try {
    const response = await fetch(`${gateway.url}${path}`, {
      headers: remoteHeaders(gateway),
      redirect: "manual",
      signal: deadline.signal,
    });
    if (!response.ok) return { ok: false, failure: await classifyAnswer(response) };
    const parsed = z.safeParse(schema, parseJson(await response.text()));
    if (parsed.success) return { ok: true, answer: parsed.data };
    return {
      ok: false,
      failure: failure("not_openclaw", `unexpected answer of ${path.split("?")[0]}`, response.status),
    };
  } catch (error) {
    return { ok: false, failure: failure("unreachable", deadline.expired ?? errorText(error)) };
  } finally {
    deadline.end();
  }
}
