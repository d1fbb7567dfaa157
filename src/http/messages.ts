import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { Hono } from "hono/tiny";
import * as z from "zod/mini";
import type { BotAccount } from "../account/bot-account.ts";
import { readinessOf } from "../account/readiness.ts";
import { refused, type SendOutcome, type SendRequest, type UploadInline } from "../account/send-outcome.ts";
import { normalizeAccountId } from "../config/account-ids.ts";
import { configOf } from "../config/current.ts";
import { prefersAsync } from "../domain/prefer.ts";
import { parseSendId } from "../domain/send-id.ts";
import { OBJECT_UPDATE_MAX_MS } from "../limits.ts";
import { SEND_WITH_DATA_BODY_MAX_BYTES } from "../limits-media.ts";
import type { AppEnv } from "./app-env.ts";
import { requireApiToken } from "./auth.ts";
import { brokenConfig, problem } from "./problem.ts";
import { IdempotencyKey, invalidField, readSendBody, TOO_LARGE } from "./send-body.ts";
import { readMedia } from "./send-media.ts";

const tooLarge = bodyLimit({
  maxSize: SEND_WITH_DATA_BODY_MAX_BYTES,
  onError: (c) => problem(c, TOO_LARGE),
});

/** Outbound sends: asking for one, and what became of it. */
export const messages = new Hono<AppEnv>()
  .post("/v1/messages", requireApiToken, tooLarge, async (c) => {
    const read = await readSendBody(c.req.raw);
    if (!read.ok) return problem(c, read.problem);
    const key = z.optional(IdempotencyKey).safeParse(c.req.header("idempotency-key"));
    if (!key.success) return problem(c, invalidField(key.error, "Idempotency-Key"));

    const loaded = configOf(c.env);
    if (!loaded.ok) return problem(c, brokenConfig(loaded.faults));
    const { config } = loaded;
    const account = accountId(read.body.account, config.defaultAccountId);
    if (!config.accounts.has(account))
      return problem(c, { code: "account_not_found", detail: `there is no account "${account}"` });
    const readiness = readinessOf(loaded, account);
    if (!readiness.send)
      return problem(c, { code: "not_configured", detail: readiness.reason, faults: readiness.faults });

    const { to, text, replyTo, media: given = [] } = read.body;
    const found = await readMedia(given, config, readiness.account);
    if (!found.ok) return problem(c, found.problem);
    const { files, inline } = found.media;
    const request = { to, text, replyTo, media: files, idempotencyKey: key.data };
    const stub = c.env.BOT_ACCOUNT.getByName(account);
    const how = prefersAsync(c.req.header("prefer")) ? "accept" : "send";
    const outcome = await (files.length === 0 ? stub[how](request) : sendFiles(stub, request, how, inline));
    const response = answer(c, account, outcome);
    if (how === "accept" && response.status === 202)
      response.headers.set("preference-applied", "respond-async");
    return response;
  })
  .get("/v1/messages/:id", requireApiToken, async (c) => {
    const loaded = configOf(c.env);
    if (!loaded.ok) return problem(c, brokenConfig(loaded.faults));
    const id = c.req.param("id");
    const read = parseSendId(id);
    // An object comes into being by being called, so only those of accounts are.
    const isKnown = read !== undefined && loaded.config.accounts.has(read.accountId);
    const send = isKnown ? await c.env.BOT_ACCOUNT.getByName(read.accountId).sendState(read.hex) : undefined;
    if (read === undefined || send === undefined)
      return problem(c, { code: "send_not_found", detail: `there is no send "${id}", or none any more` });
    const { id: _, ...state } = send;
    return c.json({ id, account: read.accountId, ...state });
  });

/** Refuses for now what an object of a version that knew no files cannot do. */
async function sendFiles(
  stub: DurableObjectStub<BotAccount>,
  request: SendRequest,
  how: "send" | "accept",
  inline: UploadInline | undefined,
): Promise<SendOutcome> {
  try {
    return await stub.sendFiles(request, how, inline);
  } catch (error) {
    if (!(error instanceof TypeError && error.message.includes("does not implement"))) throw error;
    return refused({
      code: "internal",
      detail: "the account is still being updated to a version that sends files; ask again",
      retryAfterMs: OBJECT_UPDATE_MAX_MS,
    });
  }
}

function answer(c: Context<AppEnv>, account: string, outcome: SendOutcome): Response {
  if (outcome.kind === "refused") return problem(c, outcome.problem);
  const { id, to } = outcome;
  const headers = { location: `/v1/messages/${id}` };
  if (outcome.kind === "pending") return c.json({ id, account, to, state: "pending" }, 202, headers);
  const { messageId, replayed } = outcome;
  return c.json({ id, account, to, messageId, state: "sent" }, replayed ? 200 : 201, headers);
}

function accountId(written: string | undefined, defaultId: string): string {
  return written === undefined ? defaultId : normalizeAccountId(written);
}
