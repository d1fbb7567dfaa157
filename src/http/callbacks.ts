import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { Hono } from "hono/tiny";
import type { CommandOutcome, EventOutcome } from "../account/callbacks.ts";
import { readinessOf } from "../account/readiness.ts";
import { type CommandAnswer, CommandCallback, EventCallback } from "../clickclack/callback.ts";
import { type Event, tellsOfMessage } from "../clickclack/wire.ts";
import { normalizeAccountId } from "../config/account-ids.ts";
import { configOf } from "../config/current.ts";
import type { CallbackKind } from "../config/types.ts";
import { isOwnNonce } from "../domain/nonce.ts";
import type { Env } from "../env.ts";
import { CALLBACK_BODY_MAX_BYTES } from "../limits.ts";
import { log } from "../observe/log.ts";
import { errorText } from "../observe/redact.ts";
import type { AppEnv } from "./app-env.ts";
import { persistently } from "./durable.ts";
import { problem } from "./problem.ts";
import { countRefusal } from "./refusals.ts";
import { readSigned, type Signed } from "./signed.ts";

/**
 * What ClickClack calls, inside a person's "send" and with three seconds of patience: each is verified and journaled, and
 * answered at once.
 */
export const callbacks = new Hono<AppEnv>()
  .post("/clickclack/:account/events", atMost("events"), async (c) => {
    const signed = await readSigned(c, "events");
    if (!signed.ok) return refused(c, "events", signed.reason);
    if (signed.readiness.account.inbound === "realtime") return refused(c, "events", "not_wanted");
    if (signed.body === undefined) return refused(c, "events", "not_json");
    const { data } = EventCallback.safeParse(signed.body);
    if (data === undefined) return refused(c, "events", "malformed");
    if (!concerns(data.event, signed.accountId)) return c.body(null, 202);

    const { accountId, delivery } = signed;
    const outcome = await persistently<EventOutcome>(async (isRepeat) =>
      unlessRepeated(isRepeat, await c.env.BOT_ACCOUNT.getByName(accountId).callback(data.event, delivery)),
    );
    return outcome.taken ? c.body(null, 202) : refused(c, "events", outcome.reason);
  })
  .post("/clickclack/:account/commands", atMost("commands"), async (c) => {
    const signed = await readSigned(c, "commands");
    if (!signed.ok) return refused(c, "commands", signed.reason);
    if (signed.body === undefined) return refused(c, "commands", "not_json");
    const { data } = CommandCallback.safeParse(signed.body);
    if (data === undefined) return refused(c, "commands", "malformed");

    const outcome = await giveCommand(c.env, signed, data);
    if (outcome.taken) return shown(c, signed.readiness.account.callbacks.acknowledgement);
    const { reason } = outcome;
    return isTold(reason) ? shown(c, WORDS[reason](data.command)) : refused(c, "commands", reason);
  });

/** As long as an account's id may be; a path may be anything. */
const LOGGED_ACCOUNT_MAX_CHARS = 64;

/** What a person is told whose command is not taken, and who is not refused. They alone see it. */
const WORDS = {
  no_text: (command: string) => `Write your question behind it: ${command} what is new?`,
  not_allowed: () => "I am not set up to answer you.",
  not_started: () => "That may not have reached me. If no answer comes within a minute, please ask again.",
};

function shown(c: Context<AppEnv>, text: string): Response {
  return c.json({ response_type: "ephemeral", text } satisfies CommandAnswer);
}

/** Nothing repeats a command that was lost, so that whoever gave it has to know. */
async function giveCommand(
  env: Env,
  { accountId, delivery }: Signed,
  given: CommandCallback,
): Promise<CommandOutcome> {
  try {
    return await persistently<CommandOutcome>(async (isRepeat) =>
      unlessRepeated(isRepeat, await env.BOT_ACCOUNT.getByName(accountId).command(given, delivery)),
    );
  } catch (error) {
    log({ event: "account:failed", account: accountId, error: errorText(error) });
    return { taken: false, reason: "not_started" };
  }
}

/** What our own second call finds has been taken by the first. */
function unlessRepeated<Outcome extends EventOutcome | CommandOutcome>(
  isRepeat: boolean,
  outcome: Outcome,
): Outcome | { taken: true } {
  const isOurs = isRepeat && !outcome.taken && outcome.reason === "replayed";
  return isOurs ? { taken: true } : outcome;
}

function isTold(reason: string): reason is keyof typeof WORDS {
  return Object.hasOwn(WORDS, reason);
}

/** The cap comes before everything: what is too large is not read to its end. */
function atMost(kind: CallbackKind) {
  return bodyLimit({
    maxSize: CALLBACK_BODY_MAX_BYTES,
    onError: (c) => refused(c, kind, "too_large"),
  });
}

/**
 * Whether an event may change what is to be answered. A subscription to everything brings others, and our own messages,
 * which come back to us, are known by their nonces: they wake nobody.
 */
function concerns(event: Event, accountId: string): boolean {
  const nonce = event.payload?.nonce;
  const isOurs = typeof nonce === "string" && isOwnNonce(accountId, nonce);
  return (tellsOfMessage(event) || event.type === "message.deleted") && !isOurs;
}

/** Says nothing that would help a stranger; the reason is in the log, in the metrics and at `/v1/accounts/:id`. */
function refused(c: Context<AppEnv>, kind: CallbackKind, reason: string): Response {
  const asked = c.req.param("account") ?? "";
  log({ event: "callback:refused", account: asked.slice(0, LOGGED_ACCOUNT_MAX_CHARS), kind, reason });
  const loaded = configOf(c.env);
  if (loaded.ok) {
    const id = normalizeAccountId(asked);
    // An object comes into being by being called, so only those are that have something to do.
    const isThere = readinessOf(loaded, id).send;
    countRefusal(c, isThere ? id : loaded.config.defaultAccountId, kind, reason);
  }
  return problem(c, { code: "callback_refused", detail: "this callback is not accepted" });
}
