import type { Secret } from "../config/secret.ts";
import type { SigningSecrets } from "../config/types.ts";
import { SIGNATURE, TIMESTAMP } from "./callback.ts";

/** Why a request is not taken for ClickClack's. */
export type SignatureFault =
  /** A header is missing or not of the form that ClickClack sends. */
  | "malformed_signature"
  | "malformed_timestamp"
  | "too_old"
  | "too_new"
  /** Signed with none of the secrets, or altered on its way. */
  | "bad_signature";

/** A request's signature, as its headers have it. */
export interface SignedRequest {
  /** `X-ClickClack-Timestamp` */
  timestamp: string | undefined;
  /** `X-ClickClack-Signature` */
  signature: string | undefined;
  /** As it came: a body that is parsed and written again has other bytes. */
  body: Uint8Array<ArrayBuffer>;
}

export type Verified =
  | {
      ok: true;
      /** Which secret matched, so that a rotation can be watched. */
      secret: keyof SigningSecrets;
    }
  | { ok: false; reason: SignatureFault };

/** Imported keys, by secret: the import costs more than the comparison. */
const keys = new WeakMap<Secret, CryptoKey>();

/**
 * Whether a request is ClickClack's: HMAC-SHA256 over the timestamp, a dot and the raw body, keyed with the ASCII bytes of
 * the whole secret, `ccs_` included; compared in constant time. ClickClack sets no limit to a signature's age, so the
 * window is ours, and it is one both ways: a request from the future would be good for longer than the window.
 *
 * @param windowMs how far the timestamp may be from now
 * @param now Unix ms
 */
export async function verify(
  { timestamp, signature, body }: SignedRequest,
  secrets: SigningSecrets,
  windowMs: number,
  now: number,
): Promise<Verified> {
  const fault = headerFault({ timestamp, signature }, windowMs, now);
  if (fault !== undefined) return { ok: false, reason: fault };
  const [, hex = ""] = SIGNATURE.exec(signature ?? "") ?? [];
  const signed = concat(new TextEncoder().encode(`${timestamp}.`), body);
  const mac = bytesOf(hex);
  for (const which of ["current", "next"] as const)
    for (const secret of secrets[which])
      if (await crypto.subtle.verify("HMAC", await keyOf(secret), mac, signed))
        return { ok: true, secret: which };
  return { ok: false, reason: "bad_signature" };
}

/**
 * What the headers alone speak against a request; a body need not be read to refuse it.
 *
 * @param windowMs how far the timestamp may be from now
 * @param now Unix ms
 */
export function headerFault(
  { timestamp, signature }: Omit<SignedRequest, "body">,
  windowMs: number,
  now: number,
): SignatureFault | undefined {
  if (timestamp === undefined || !TIMESTAMP.test(timestamp)) return "malformed_timestamp";
  if (signature === undefined || !SIGNATURE.test(signature)) return "malformed_signature";
  const ageMs = now - Number(timestamp) * 1000;
  if (ageMs > windowMs) return "too_old";
  return -ageMs > windowMs ? "too_new" : undefined;
}

async function keyOf(secret: Secret): Promise<CryptoKey> {
  const known = keys.get(secret);
  if (known !== undefined) return known;
  const raw = new TextEncoder().encode(secret.reveal());
  const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  keys.set(secret, key);
  return key;
}

function concat(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(head.byteLength + tail.byteLength);
  all.set(head);
  all.set(tail, head.byteLength);
  return all;
}

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) =>
    Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16),
  );
}
