import type { IncomingMessage, ServerResponse } from "node:http";
import type { Gateway } from "./gateway.ts";
import { invalidRequest, Refusal, send } from "./respond.ts";
import type { AssistantItem, Item, NoteItem, Session, Usage, UserItem } from "./sessions.ts";

const MAX_LIMIT = 1000;

/** OpenClaw shows at most so many characters of an item's text. */
const MAX_TEXT_CHARS = 8000;

/** Transcript records that stand before the first message: OpenClaw counts them in `rawSeq`. */
const RECORDS_BEFORE = 3;

/**
 * `GET /sessions/<key>/history?limit=&cursor=`: the newest `limit` items before `cursor` (all without either), oldest
 * first. `nextCursor` asks for the page before. An item's `stopReason` tells an answer from OpenClaw's words about a
 * failure, which stand under the same run id.
 *
 * @throws {Refusal} 404 for a session that never ran, 400 for a limit or cursor that is not a positive integer
 */
export function history(req: IncomingMessage, res: ServerResponse, gateway: Gateway, url: URL): void {
  const record = gateway.requests.open(req);
  try {
    const key = requestedKey(url);
    gateway.requests.update(record, { session: storedKey(gateway, key) });
    const body = page(gateway, key, url);
    gateway.requests.update(record, { state: "finished", status: 200 });
    send(res, 200, body);
  } catch (error) {
    if (error instanceof Refusal) {
      gateway.requests.update(record, { state: "refused", status: error.status });
    }
    throw error;
  }
}

function requestedKey(url: URL): string {
  try {
    return decodeURIComponent(url.pathname.split("/")[2] ?? "").trim();
  } catch {
    throw invalidRequest("invalid session key");
  }
}

/** A key without an agent belongs to the only one. */
function storedKey(gateway: Gateway, key: string): string {
  const lowered = key.toLowerCase();
  return lowered.startsWith("agent:") ? lowered : `agent:${gateway.agents[0]}:${lowered}`;
}

function page(gateway: Gateway, key: string, url: URL): object {
  const isAmbiguous = gateway.agents.length > 1 && !/^agent:/i.test(key);
  const session = isAmbiguous ? undefined : gateway.sessions.find(storedKey(gateway, key));
  if (!session) {
    throw new Refusal(404, {
      ok: false,
      error: { type: "not_found", message: `Session not found: ${key}` },
    });
  }
  const limit = positive(url.searchParams.get("limit"), "limit");
  const cursor = positive(url.searchParams.get("cursor")?.replace(/^seq:/, "") ?? null, "cursor");
  const before = session.items.filter((item) => isShown(item) && (cursor === undefined || item.seq < cursor));
  const items = limit === undefined ? before : before.slice(-Math.min(limit, MAX_LIMIT));
  const shown = items.map((item) => shownItem(item, session));
  const hasMore = items.length < before.length;
  const nextCursor = hasMore ? { nextCursor: String(items[0]?.seq) } : {};
  return { sessionKey: session.key, items: shown, messages: shown, hasMore, ...nextCursor };
}

function isShown(item: Item): boolean {
  return item.role !== "assistant" || !item.isHidden;
}

function shownItem(item: Item, session: Session): object {
  if (item.role === "user") return shownUser(item, session);
  return item.role === "assistant" ? shownAssistant(item, session) : shownNote(item, session);
}

function shownNote({ text, at, id, runId, ...item }: NoteItem, session: Session): object {
  return {
    role: "custom",
    customType: "run-failed-before-reply",
    content: text,
    display: true,
    timestamp: at,
    __openclaw: { id, ...position({ ...item, at }, session), runId },
  };
}

function shownUser(item: UserItem, session: Session): object {
  const { id, idempotencyKey } = item;
  return {
    role: "user",
    content: shorten(item.text),
    timestamp: item.at,
    __openclaw: { senderIsOwner: true, id, idempotencyKey, ...position(item, session) },
    idempotencyKey,
  };
}

function shownAssistant(item: AssistantItem, session: Session): object {
  const { stopReason, errorMessage, runId, id, text } = item;
  const isEmpty = text === "" && stopReason === "stop";
  const content = isEmpty ? [] : [{ type: "text", text: shorten(text) }];
  const place = position(item, session);
  if (stopReason === undefined) {
    const openclawStreamFallback = { replacementText: text, source: "segment", itemId: `commentary-0-${id}` };
    return {
      role: "assistant",
      content,
      timestamp: item.at,
      openclawStreamFallback,
      __openclaw: { runId, id, ...place },
    };
  }
  // Only a run that came to its end has a provider's response id; a failed one has a key of its own instead.
  const key = stopReason === "error" ? { idempotencyKey: `${runId}:terminal-error` } : {};
  return {
    role: "assistant",
    content,
    api: "openai-completions",
    ...item.model,
    usage: shownUsage(item.usage),
    stopReason,
    ...(errorMessage === undefined ? {} : { errorMessage }),
    timestamp: item.at,
    ...(stopReason === "stop" ? { responseId: `cmpl-${item.seq}` } : key),
    __openclaw: { runId, id, ...key, ...place },
  };
}

function position(item: Pick<Item, "seq" | "at">, { source }: Session): object {
  const rawSeq = item.seq + RECORDS_BEFORE;
  return { recordTimestampMs: item.at, transcriptPosition: { source, rawSeq }, seq: item.seq };
}

function shownUsage({ prompt, completion }: Usage): object {
  return {
    input: prompt,
    output: completion,
    totalTokens: prompt + completion,
    cacheRead: 0,
    cacheWrite: 0,
    cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
  };
}

function shorten(text: string): string {
  return text.length > MAX_TEXT_CHARS ? `${text.slice(0, MAX_TEXT_CHARS)}\n...(truncated)...` : text;
}

function positive(raw: string | null, name: string): number | undefined {
  if (raw === null) return undefined;
  const value = /^\d+$/.test(raw.trim()) ? Number(raw) : 0;
  if (value < 1) throw invalidRequest(`${name} must be a positive integer`);
  return value;
}
