import { describe, expect, test } from "vitest";
import { type SignatureFault, verify } from "../../../src/clickclack/signature.ts";
import { Secret } from "../../../src/config/secret.ts";
import recorded from "../../fixtures/clickclack/callbacks.json";

const WINDOW_MS = 300_000;
const SECONDS = 1795346232;
const NOW = SECONDS * 1000;
const bytes = (text: string) => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;

const [first] = recorded.callbacks;
if (first === undefined) throw new Error("nothing is recorded");
const GOOD = {
  timestamp: first.headers["x-clickclack-timestamp"],
  signature: first.headers["x-clickclack-signature"],
  body: bytes(first.body),
};

/** Checks a request against the recorded server's secret for events, unless told otherwise. */
async function check(
  change: Partial<typeof GOOD> = {},
  { current = [recorded.event_secret], next = [] as string[], now = NOW } = {},
) {
  const secrets = {
    current: current.map((text) => new Secret(text)),
    next: next.map((text) => new Secret(text)),
  };
  const verified = await verify({ ...GOOD, ...change }, secrets, WINDOW_MS, now);
  return verified.ok ? verified.secret : verified.reason;
}

test.each(recorded.callbacks)(
  "a real server's callback to $path is its own, byte for byte ($headers)",
  async (given) => {
    const { path, headers, body } = given;
    const secret = path === "/slash" ? recorded.slash_secret : recorded.event_secret;
    const other = path === "/slash" ? recorded.event_secret : recorded.slash_secret;
    const request = {
      timestamp: headers["x-clickclack-timestamp"],
      signature: headers["x-clickclack-signature"],
      body: bytes(body),
    };
    expect(await check(request, { current: [secret] })).toBe("current");
    expect(await check(request, { current: [other] })).toBe("bad_signature");
    // The same JSON, written anew, has other bytes wherever ClickClack escapes or orders otherwise: only the raw body counts.
    expect(await check({ ...request, body: bytes(`${body} `) }, { current: [secret] })).toBe("bad_signature");
  },
);

describe("the secret", () => {
  test("is told by which of the two it was, so that a rotation can be watched", async () => {
    expect(await check({}, { current: ["ccs_old"], next: [recorded.event_secret] })).toBe("next");
    expect(await check({}, { current: ["ccs_old", recorded.event_secret] })).toBe("current");
  });

  test("is the whole of it, with its prefix", async () => {
    expect(await check({}, { current: [recorded.event_secret.slice(4)] })).toBe("bad_signature");
  });

  test("that is not there lets nothing in", async () => {
    expect(await check({}, { current: [] })).toBe("bad_signature");
  });
});

describe("the window is one both ways", () => {
  test.each<[number, string]>([
    [-WINDOW_MS, "current"],
    [-WINDOW_MS - 1, "too_new"],
    [WINDOW_MS, "current"],
    [WINDOW_MS + 1, "too_old"],
  ])("a clock that differs by %i ms: %s", async (difference, outcome) => {
    expect(await check({}, { now: NOW + difference })).toBe(outcome);
  });
});

test.each<[string, string | undefined]>([
  ["missing", undefined],
  ["empty", ""],
  ["signed", `+${SECONDS}`],
  ["negative", `-${SECONDS}`],
  ["with a fraction", `${SECONDS}.0`],
  ["with an exponent", "1.795346232e9"],
  ["in hexadecimal", `0x${SECONDS.toString(16)}`],
  ["with a zero before", `0${SECONDS}`],
  ["with space around", ` ${SECONDS}`],
  ["twice", `${SECONDS}, ${SECONDS}`],
  ["in other digits", "١٧٩٥٣٤٦٢٣٢"],
  ["beyond all time", "9".repeat(400)],
])("a timestamp that is %s is none", async (_how, timestamp) => {
  const request = { ...GOOD, timestamp } as typeof GOOD;
  expect(await check(request)).toBe("malformed_timestamp" satisfies SignatureFault);
});

test.each<[string, string | undefined]>([
  ["missing", undefined],
  ["without its scheme", GOOD.signature.slice(7)],
  ["of another scheme", GOOD.signature.replace("sha256", "sha1")],
  ["in capitals", GOOD.signature.replace(/=.*/, (hex) => hex.toUpperCase())],
  ["too short", GOOD.signature.slice(0, -1)],
  ["too long", `${GOOD.signature}0`],
  ["twice", `${GOOD.signature}, ${GOOD.signature}`],
  ["no hexadecimal", GOOD.signature.replace(/.$/, "g")],
])("a signature that is %s is none", async (_how, signature) => {
  const request = { ...GOOD, signature } as typeof GOOD;
  expect(await check(request)).toBe("malformed_signature" satisfies SignatureFault);
});

test("a body with bytes that are no text is compared as bytes", async () => {
  expect(await check({ body: Uint8Array.from([...GOOD.body, 0xff]) })).toBe("bad_signature");
});
