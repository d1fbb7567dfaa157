import type { Context } from "hono";
import { ADDRESSES_REMEMBERED_MAX, WRONG_TOKENS_PERIOD_MS } from "../limits-page.ts";
import type { AppEnv } from "./app-env.ts";

/** Addresses that gave too many wrong admin tokens, and until when this isolate does not hear them, Unix ms. */
const unheard = new Map<string, number>();

/**
 * How long whoever asks is not heard, milliseconds, because of wrong admin tokens from the same address; 0 when they are.
 * Nobody else's address counts, so that no stranger can lock an operator out.
 */
export function unheardFor<E extends AppEnv>(c: Context<E>): number {
  return Math.max((unheard.get(addressOf(c)) ?? 0) - Date.now(), 0);
}

/**
 * Counts a wrong admin token. Wrong tokens are counted by the platform, for each address and each of its locations;
 * that an address has given too many is remembered here. So the right token is never counted, and an isolate that has not
 * heard of the address yet lets one more guess through.
 */
export async function countWrongToken<E extends AppEnv>(c: Context<E>): Promise<void> {
  const address = addressOf(c);
  const { success } = (await c.env.WRONG_TOKENS?.limit({ key: address })) ?? { success: true };
  if (success) return;
  if (unheard.size >= ADDRESSES_REMEMBERED_MAX) unheard.clear();
  unheard.set(address, Date.now() + WRONG_TOKENS_PERIOD_MS);
}

/** Of IPv6 the network: everybody has 2^64 addresses. */
function addressOf<E extends AppEnv>(c: Context<E>): string {
  const address = c.req.header("cf-connecting-ip") ?? "";
  return address.includes(":") ? `${networkOf(address)}::` : address;
}

/** The first four groups, as far as `::` leaves them written out. */
function networkOf(address: string): string {
  const [head = ""] = address.split("::");
  return head.split(":").slice(0, 4).join(":");
}
