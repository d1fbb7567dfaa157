import type { ServerResponse } from "node:http";
import type { Delivery } from "./delivery.ts";
import type { Fault } from "./faults.ts";
import type { Gateway } from "./gateway.ts";
import { hasMedia, historyText, isSilence, visibleText } from "./output.ts";
import type { Prompt } from "./prompt.ts";
import type { Reply, Subject } from "./replies.ts";
import type { RequestRecord } from "./request-log.ts";
import { INTERNAL_ERROR, type RunFailure } from "./run-failure.ts";
import type { AssistantItem, Session, Usage } from "./sessions.ts";
import { speak } from "./speech.ts";
import type { BackendModel } from "./target.ts";
import { waitForever } from "./wait.ts";

/** One turn that was let in. */
export interface Turn {
  readonly subject: Subject;
  readonly prompt: Prompt;
  readonly model: BackendModel;
  /** Undefined: nobody scripted an answer, so the agent speaks in its own voice. */
  readonly reply: Reply | undefined;
  readonly fault: Fault | undefined;
  readonly runId: string;
  /** Whether the caller named the session, so that there is something to remember. */
  readonly isNamed: boolean;
}

/** What a turn works with. */
export interface Stage {
  readonly gateway: Gateway;
  readonly record: RequestRecord;
  readonly delivery: Delivery;
  readonly res: ServerResponse;
  readonly signal: AbortSignal;
}

/** Stands before a message whose turn never ended, in the prompt of the turn after it. */
const ORPHAN_HEADING =
  "[Queued user message from a previous active turn; preserved as context only. Continue with the active prompt below.]";

const NO_USAGE: Usage = { prompt: 0, completion: 0 };

/** OpenClaw asks the model once more for a visible answer before it gives up. */
const SILENT_ATTEMPTS = 2;

/**
 * Runs a turn in its session's lane. Its user message is stored when the turn begins and stays, however it ends.
 *
 * @throws the signal's reason when the caller goes away first; nothing that was said is stored then
 */
export async function runTurn(turn: Turn, stage: Stage): Promise<void> {
  // A key that OpenClaw fails on leads to no session at all.
  if (!turn.subject.session) return fail(stage, turn.fault?.kind === "run" ? turn.fault : INTERNAL_ERROR);
  const session = stage.gateway.sessions.open(turn.subject.session);
  stage.gateway.requests.update(stage.record, { state: "queued" });
  const leave = await session.enter(stage.signal);
  try {
    if (turn.fault?.kind === "run" && turn.fault.trace?.kind === "note") {
      session.addNote(turn.fault.trace.text, turn.runId);
      return fail(stage, turn.fault);
    }
    begin(turn, session, stage);
    await play(turn, session, stage);
  } finally {
    leave();
  }
}

function begin(turn: Turn, session: Session, { gateway, record }: Stage): void {
  const orphan = session.takeOrphan();
  const { system, message } = turn.prompt;
  const history = session.items.flatMap(({ role, text }) => (role === "custom" ? [] : [{ role, text }]));
  const user = orphan === undefined ? message : `${ORPHAN_HEADING}\n${orphan}\n\n${message}`;
  session.addUser(message);
  gateway.requests.update(record, { state: "running", prompt: { system, history, user } });
}

async function play(turn: Turn, session: Session, stage: Stage): Promise<void> {
  const { delivery, signal } = stage;
  const { fault } = turn;
  if (turn.reply?.commentary) {
    store(turn, session, turn.reply.commentary, { stopReason: undefined });
    delivery.commentary(turn.reply.commentary);
  }
  const { raw, shown } = await speak(turn, session, stage);
  if (fault?.kind === "transport" && fault.act === "hang") await waitForever(signal);
  if (fault?.kind === "transport" && fault.act === "cut") return cut(stage, "cancelled");
  if (fault?.kind === "run") {
    if (fault.trace?.kind === "item") {
      const { text, stopReason, errorMessage } = fault.trace;
      store(turn, session, text, { stopReason, errorMessage });
    }
    return fail(stage, fault);
  }
  const content = visibleText(raw);
  const usage = { prompt: countTokens(turn.prompt.message), completion: countTokens(raw) };
  if (!content && !hasMedia(raw)) {
    const attempt = { usage, isHidden: isSilence(raw) };
    for (let tried = 0; tried < SILENT_ATTEMPTS; tried += 1) store(turn, session, "", attempt);
    return fail(stage, INTERNAL_ERROR);
  }
  store(turn, session, historyText(raw), { usage });
  if (content.length > shown.length) delivery.text(content.slice(shown.length));
  if (fault?.kind === "transport") return cut(stage, "finished");
  stage.gateway.requests.update(stage.record, { state: "finished", status: 200 });
  delivery.finish(content, usage);
}

type End = Partial<Pick<AssistantItem, "usage" | "stopReason" | "errorMessage" | "isHidden">>;

function store({ runId, model }: Turn, session: Session, text: string, end: End): void {
  session.addAssistant(text, { runId, model, usage: NO_USAGE, stopReason: "stop", isHidden: false, ...end });
}

function fail({ gateway, record, delivery }: Stage, failure: RunFailure): void {
  gateway.requests.update(record, { state: "failed", status: record.status ?? failure.status });
  delivery.fail(failure);
}

/** Breaks the connection, after what was written has left. */
async function cut({ gateway, record, res }: Stage, state: "cancelled" | "finished"): Promise<void> {
  gateway.requests.update(record, { state });
  if (res.headersSent) await new Promise((resolve) => res.write("", resolve));
  res.destroy();
}

/** A rough count that grows with the text: nobody bills by it. */
function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}
