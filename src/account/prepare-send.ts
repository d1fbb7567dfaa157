import type { Account } from "../config/types.ts";
import { sha256Hex } from "../domain/hash.ts";
import type { MediaFile } from "../domain/media.ts";
import { sendNonce, sendNoncePrefix } from "../domain/nonce.ts";
import { formatSendId, SEND_HEX_CHARS } from "../domain/send-id.ts";
import { formatTarget, parseTarget, type Target } from "../domain/target.ts";
import type { SendProblem, SendRequest } from "./send-outcome.ts";

/** A send whose request was read: what it is known by, and what is to be sent where. */
export interface PreparedSend {
  id: string;
  /** Where what was sent under its id is found. */
  noncePrefix: string;
  nonce: string;
  target: Target;
  /** The target in its canonical form. */
  to: string;
  text: string;
  /** Message to quote. */
  quote: string | undefined;
  media: readonly MediaFile[];
  /** Recognises another request under the same key. */
  requestHash: string;
  /** Without one, nobody can ask again. */
  hasKey: boolean;
}

/**
 * Reads a request. Its id comes from the caller's idempotency key, so that asking again with the same key finds what was
 * sent; without one it is random.
 */
export async function prepareSend(
  account: Pick<Account, "id" | "defaultTo">,
  { to: asked, text: written, replyTo, media = [], idempotencyKey }: SendRequest,
): Promise<{ ok: true; send: PreparedSend } | { ok: false; problem: SendProblem }> {
  const parsed = parseTarget(asked ?? account.defaultTo);
  if (!parsed.ok) return { ok: false, problem: { code: "invalid_target", detail: parsed.problem } };
  const { target } = parsed;
  const to = formatTarget(target);
  const hex = (await sha256Hex(idempotencyKey ?? crypto.randomUUID())).slice(0, SEND_HEX_CHARS);
  // ClickClack takes no message without a text; OpenClaw's own plugin gives the file's name as well.
  const text = written ?? media.map((file) => file.filename).join("\n");
  const parts = [to, text, replyTo ?? null, ...(media.length === 0 ? [] : [media.map(partsOf)])];
  const requestHash = await sha256Hex(JSON.stringify(parts));
  const id = { accountId: account.id, hex };
  return {
    ok: true,
    send: {
      id: formatSendId(id),
      noncePrefix: sendNoncePrefix(id),
      nonce: sendNonce(id, requestHash),
      target,
      to,
      text,
      quote: replyTo,
      media,
      requestHash,
      hasKey: idempotencyKey !== undefined,
    },
  };
}

/** What makes a file another one. */
function partsOf(file: MediaFile): (string | null)[] {
  const content = file.kind === "url" ? file.url : file.sha256;
  return [file.kind, content, file.filename, file.contentType ?? null];
}
