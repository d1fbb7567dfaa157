/**
 * The nonce of one part of the reply to a message: the same whenever and by whomever it is made again, so that a repeat
 * finds the message that is already there. ClickClack shows a nonce to every reader and keeps it unique per author for
 * ever; at most 128 characters.
 *
 * @param accountId normalised account id, at most 64 characters
 * @param messageId the message that is answered
 * @param part counts from 0
 */
export function replyNonce(accountId: string, messageId: string, part: number): string {
  return `edge:reply:${accountId}:${messageId}:${part}`;
}

/** The nonce of an outbound send, from the send's own id. */
export function sendNonce(accountId: string, sendId: string): string {
  return `edge:send:${accountId}:${sendId}`;
}
