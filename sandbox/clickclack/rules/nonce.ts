import { badRequest } from "../errors.ts";
import { runeCount, trimSpace } from "./text.ts";

const NONCE_MAX_RUNES = 128;

/**
 * Returns a client's nonce trimmed; blank means that there is none.
 *
 * @throws ApiError 400 when it holds a NUL or is longer than 128 code points
 */
export function normalizeNonce(value: string): string {
  const nonce = trimSpace(value);
  if (nonce.includes("\0")) throw badRequest("nonce must not contain NUL");
  if (runeCount(nonce) > NONCE_MAX_RUNES) throw badRequest("nonce is too long");
  return nonce;
}
