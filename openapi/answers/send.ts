import * as z from "zod";
import { count, maybe, named, unixMs } from "./shared.ts";

const id = z.string().describe("the send's id, `snd_…`");
const account = z.string().describe("the account that speaks");
const to = z.string().describe("the target in its canonical form");

/** What is said of a send that was posted. */
export const SentSend = named(
  "SentSend",
  z.object({
    id,
    account,
    to,
    messageId: z.string().describe("ClickClack's message, `msg_…`"),
    state: z.literal("sent"),
  }),
);

/** What is said of a send that is stored, and delivered in the background. */
export const PendingSend = named("PendingSend", z.object({ id, account, to, state: z.literal("pending") }));

/** What became of a send. */
export const SendState = named(
  "SendState",
  z.object({
    id,
    account,
    to,
    state: z.enum(["pending", "sent", "failed"]),
    messageId: maybe(z.string().describe("ClickClack's message, once sent")),
    code: maybe(z.string().describe("why it failed, one of the error codes")),
    detail: maybe(z.string().describe("why it failed, or while it is pending what failed last")),
    attempts: count().describe("tries that failed"),
    createdAt: unixMs("when it was asked for"),
    retryAt: maybe(
      unixMs("when it is tried next; absent while it is tried, and while it waits behind another"),
    ),
  }),
);
