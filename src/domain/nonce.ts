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

const NOTICE = "edge:notice:";

/** What the nonces of an account's notices begin with. */
export function noticeNoncePrefix(accountId: string): string {
  return `${NOTICE}${accountId}:`;
}

/** The nonce of the notice to a message that the agent cannot be reached. */
export function noticeNonce(accountId: string, messageId: string): string {
  return noticeNoncePrefix(accountId) + messageId;
}

export function isNoticeNonce(nonce: string): boolean {
  return nonce.startsWith(NOTICE);
}

/**
 * What the nonces of one outbound send begin with, whatever is sent under its id.
 *
 * @param sendId at most 28 characters
 */
export function sendNoncePrefix(accountId: string, sendId: string): string {
  return `edge:send:${accountId}:${sendId}:`;
}

/**
 * The nonce of an outbound send. What is sent is part of it: the same key with another text, long after the first was
 * forgotten, must not find the first one's message.
 *
 * @param requestHash of the request, hexadecimal; 16 characters of it are used
 */
export function sendNonce(accountId: string, sendId: string, requestHash: string): string {
  return sendNoncePrefix(accountId, sendId) + requestHash.slice(0, 16);
}
