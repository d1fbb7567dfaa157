import type { SendId } from "./send-id.ts";

const REPLY = "edge:reply:";
const NOTICE = "edge:notice:";
const SEND = "edge:send:";

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
  return `${REPLY}${accountId}:${messageId}:${part}`;
}

/** The message that one of an account's own replies answers; undefined for a nonce that is no reply's. */
export function repliedTo(accountId: string, nonce: string): string | undefined {
  const own = `${REPLY}${accountId}:`;
  return nonce.startsWith(own) ? nonce.slice(own.length).split(":")[0] : undefined;
}

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
 * Whether a nonce is of the form of one account's. Anybody may write one like it, so that it serves to skip work that is
 * done elsewhere as well, and for nothing else.
 */
export function isOwnNonce(accountId: string, nonce: string): boolean {
  return ["reply", "notice", "send"].some((what) => nonce.startsWith(`edge:${what}:${accountId}:`));
}

/** Whether a nonce is an outbound send's. */
export function isSendNonce(nonce: string): boolean {
  return nonce.startsWith(SEND);
}

/** What the nonces of one outbound send begin with, whatever is sent under its id. */
export function sendNoncePrefix({ accountId, hex }: SendId): string {
  return `${SEND}${accountId}:${hex}:`;
}

/**
 * The nonce of an outbound send. What is sent is part of it: the same key with another text, long after the first was
 * forgotten, must not find the first one's message.
 *
 * @param requestHash of the request, hexadecimal; 16 characters of it are used
 */
export function sendNonce(id: SendId, requestHash: string): string {
  return sendNoncePrefix(id) + requestHash.slice(0, 16);
}

/**
 * The nonce of a file that a send brings along: uploads have nonces of their own, and the same file of the same request
 * must not be uploaded twice.
 *
 * @param nonce of the send
 * @param index of the file within it, from 0
 */
export function uploadNonce(nonce: string, index: number): string {
  return `edge:upload:${nonce.slice("edge:send:".length)}:${index}`;
}

/** The send that a nonce made by {@link sendNonce} belongs to. */
export function sendOfNonce(nonce: string): SendId {
  const [, , accountId = "", hex = ""] = nonce.split(":");
  return { accountId, hex };
}
