import { randomBytes } from "node:crypto";

const ULID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const ROUTE_ALPHABET = ULID_ALPHABET.toUpperCase();
const ENTROPY_BITS = 80n;

/** Makes the next id: `prefix_` and a lowercase ULID. */
export type NewId = (prefix: string) => string;

/**
 * Returns a generator of ids that grow for as long as it lives.
 *
 * ClickClack's ULIDs are monotonic within the process: inside one millisecond the random part is counted up by a
 * random step. Event cursors are compared as strings, so their order rests on this.
 *
 * @param now the clock, in milliseconds since 1970
 */
export function idSource(now: () => number): NewId {
  let lastMs = 0;
  let entropy = 0n;
  return (prefix) => {
    const ms = Math.max(now(), lastMs);
    if (ms === lastMs) {
      entropy += 1n + BigInt(randomBytes(4).readUInt32BE());
    } else {
      lastMs = ms;
      // The top bit stays clear, so that counting up within the millisecond cannot overflow.
      entropy = BigInt(`0x${randomBytes(10).toString("hex")}`) >> 1n;
    }
    return `${prefix}_${base32((BigInt(ms) << ENTROPY_BITS) | entropy, 26, ULID_ALPHABET)}`;
  };
}

/** What a public route id names; its first letter. */
export type RouteKind = "T" | "C" | "D" | "M";

/** Returns a new public route id: the letter of its kind and 16 random characters. */
export function newRouteId(kind: RouteKind): string {
  return kind + base32(BigInt(`0x${randomBytes(10).toString("hex")}`), 16, ROUTE_ALPHABET);
}

/** Returns a 60-bit setup code, `XXXX-XXXX-XXXX`, in an alphabet without I, L, O and U. */
export function newSetupCode(): string {
  const characters = Array.from(randomBytes(12), (byte) => ROUTE_ALPHABET.charAt(byte & 31)).join("");
  return `${characters.slice(0, 4)}-${characters.slice(4, 8)}-${characters.slice(8)}`;
}

function base32(value: bigint, length: number, alphabet: string): string {
  let out = "";
  for (let rest = value; out.length < length; rest >>= 5n) out = alphabet.charAt(Number(rest & 31n)) + out;
  return out;
}
