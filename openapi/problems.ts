import * as z from "zod";
import { type ProblemCode, STATUS } from "../src/http/problem.ts";
import { Fault, maybe, named } from "./answers/shared.ts";

/** What each error code means, for whoever gets it. */
export const MEANINGS: Record<ProblemCode, string> = {
  invalid_request: "`field` names what is wrong",
  invalid_target: "`to` is no target",
  callback_refused: "why is in the log, in the metrics and at `/v1/accounts/{id}`",
  unauthorized: "no token, a wrong one, or the Worker has none set",
  media_not_allowed:
    "a file's address is not public, or redirects to one that is not; `field` names the file",
  missing_scope: "the bot's token lacks `scope`",
  refused: "ClickClack refuses this bot there, for example because it is blocked",
  account_not_found: "there is no account of that name",
  channel_not_found: "not there, or not visible to the bot",
  message_not_found: "the account was not told of that message",
  not_found: "no such route",
  send_not_found: "no send has this id, or none any more",
  thread_not_found: "not there, or not visible to the bot",
  user_not_found: "not there, or not visible to the bot",
  workspace_not_found: "the account's workspace is not the token's",
  idempotency_key_reused: "the key was used for another request",
  no_active_recipient: "everybody else has left the direct conversation",
  not_dead: "the message was not given up",
  media_too_large: "a file, or the data of all of them, is larger than may be",
  too_large: "the request or its text is larger than may be",
  upload_quota:
    "the bot has uploaded all that it ever may in this workspace, or eight uploads are on their way",
  media_type: "a file's server says nothing of its type, answers a web page, or says another type",
  too_many_attempts:
    "too many wrong admin tokens came from this address; `Retry-After` says when to ask again",
  too_many_pending: "the account has 1,000 sends pending in the background",
  internal: "a fault of the Worker's; the log has it",
  media_unavailable: "a file's server cannot be reached, failed, or was too slow",
  token_rejected: "ClickClack does not accept the bot's token",
  clickclack_unavailable: "no answer from ClickClack, or a failing one",
  not_configured: "`faults` lists what to mend",
};

export const CODES = Object.keys(STATUS) as ProblemCode[];

/** Every error answer (RFC 9457). */
export const Problem = named(
  "Problem",
  z.object({
    type: z.literal("about:blank"),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: z.enum(CODES).describe("what to switch on; stable"),
    detail: z.string().describe("what happened and how to mend it, for people; its words may change"),
    field: maybe(z.string().describe("the request's field at fault")),
    scope: maybe(z.string().describe("the scope that the bot's ClickClack token lacks")),
    faults: maybe(z.array(Fault).describe("what is wrong with the configuration")),
  }),
);

/** Codes by the status that they come with, ascending. */
export function byStatus(codes: readonly ProblemCode[]): [status: number, codes: ProblemCode[]][] {
  const statuses = [...new Set(codes.map((code) => STATUS[code]))].sort((a, b) => a - b);
  return statuses.map((status) => [status, codes.filter((code) => STATUS[code] === status)]);
}
