import { fromBase64, toBase64 } from "../../domain/base64.ts";
import { SESSION_MAX_AGE_MS } from "../../limits-page.ts";

/**
 * Who is signed in bears a signed mark: until when, and a number that tells sessions apart. Nothing is stored for it. The
 * key comes from the admin token, so that another token ends all sessions.
 */
export interface Session {
  /** As the cookie has it. */
  mark: string;
  /** Goes along in the page's forms, which another site cannot know. */
  formToken: string;
}

/** @param adminToken the one in force @param now Unix ms */
export async function beginSession(adminToken: string, now: number): Promise<Session> {
  const key = await keyFrom(adminToken);
  const claim = `${now + SESSION_MAX_AGE_MS}.${crypto.randomUUID()}`;
  return sessionOf(key, `${claim}.${await sign(key, `session ${claim}`)}`);
}

/** @returns undefined for a mark that is over, was signed with another token's key, or was never one */
export async function readSession(
  adminToken: string,
  mark: string,
  now: number,
): Promise<Session | undefined> {
  const [, claim, until, signature] = /^((\d{1,15})\.[\w-]+)\.(.+)$/.exec(mark) ?? [];
  const given = signature === undefined ? undefined : fromBase64(signature);
  if (claim === undefined || given === undefined || Number(until) <= now) return undefined;
  const key = await keyFrom(adminToken);
  const holds = await crypto.subtle.verify("HMAC", key, given, bytes(`session ${claim}`));
  return holds ? sessionOf(key, mark) : undefined;
}

async function sessionOf(key: CryptoKey, mark: string): Promise<Session> {
  return { mark, formToken: await sign(key, `form ${mark}`) };
}

async function sign(key: CryptoKey, text: string): Promise<string> {
  return toBase64(new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes(text))));
}

async function keyFrom(adminToken: string): Promise<CryptoKey> {
  const material = await crypto.subtle.digest("SHA-256", bytes(`clickclack-edge status page\n${adminToken}`));
  return crypto.subtle.importKey("raw", material, { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
    "verify",
  ]);
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
