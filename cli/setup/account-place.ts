import { DEFAULT_ACCOUNT_ID, normalizeAccountId } from "../../src/config/account-ids.ts";
import type { Json5Document } from "./json5-document.ts";

export const CHANNEL = ["channels", "clickclack"] as const;

/** Keys of `accounts` as they are written. */
export function accountKeys(document: Pick<Json5Document, "get">): string[] {
  const accounts = document.get([...CHANNEL, "accounts"]);
  return typeof accounts === "object" && accounts !== null ? Object.keys(accounts) : [];
}

/**
 * Where an account's own settings stand, or would. The default account may stand at the channel itself: by itself, or
 * beside others when the channel has its token.
 *
 * @param id normalised
 */
export function placeOf(document: Pick<Json5Document, "get">, id: string): string[] {
  const keys = accountKeys(document);
  const key = keys.find((written) => normalizeAccountId(written) === id);
  if (key !== undefined) return [...CHANNEL, "accounts", key];
  const isAtChannel =
    id === DEFAULT_ACCOUNT_ID && (keys.length === 0 || document.get([...CHANNEL, "token"]) !== undefined);
  return isAtChannel ? [...CHANNEL] : [...CHANNEL, "accounts", id];
}
