import type { PreparedSend } from "./prepare-send.ts";
import { refused, type SendOutcome } from "./send-outcome.ts";
import type { StoredSend } from "./sends.ts";

export const KEY_REUSED = refused({
  code: "idempotency_key_reused",
  detail: "this Idempotency-Key was used for another request; use a new one",
});

/**
 * What an earlier send under the same id means for this one.
 *
 * @param before the earlier one, if there was any
 * @returns the answer; undefined when this one is to be made: nothing was sent, what was asked for was given up and left
 *   its key free, or nobody knows what became of it and its nonce will tell
 */
export function earlierOutcome(
  before: StoredSend | undefined,
  { id, to, requestHash }: Pick<PreparedSend, "id" | "to" | "requestHash">,
): SendOutcome | undefined {
  if (before === undefined || before.state === "dead") return undefined;
  if (before.requestHash !== requestHash) return KEY_REUSED;
  if (before.postedId !== undefined)
    return { kind: "sent", id, to, messageId: before.postedId, replayed: true };
  return before.dueAt === undefined ? undefined : { kind: "pending", id, to };
}
