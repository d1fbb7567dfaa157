import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { signingSecret } from "../support/accounts.ts";
import { commandOf, nowSeconds, signatureOf } from "../support/callbacks.ts";
import { objectOf } from "../support/object.ts";
import { callWorker, worldOf } from "../support/world.ts";
import { seeded, seeds } from "../unit/random.ts";

const ALTERATIONS_EACH = 500;
const world = worldOf("altered");
const { inStorage } = objectOf("altered");

/** A request as bytes and texts, to be altered. */
interface Given {
  path: string;
  timestamp: string;
  signature: string;
  body: Uint8Array<ArrayBuffer>;
}

beforeAll(() => world.link());
afterAll(() => abortAllDurableObjects());

const encoder = new TextEncoder();

/** A request that would be accepted as it is. */
async function good(kind: "events" | "commands", id: number): Promise<Given> {
  const event = {
    id: `evt_${id}`,
    cursor: "cur_01m81fjx1hmbma52ew560d26xf",
    type: "message.created",
    workspace_id: world.room.workspaceId,
    channel_id: world.general,
    payload: { author_id: world.ada.id, message_id: `msg_${id}` },
  };
  const command = commandOf(world, "a question that nobody asked", { trigger_id: `sci_${id}` });
  const body = JSON.stringify(kind === "events" ? { event, subscription_id: "sub_1" } : command);
  const timestamp = nowSeconds();
  return {
    path: `/clickclack/altered/${kind}`,
    timestamp,
    signature: await signatureOf(signingSecret("altered", kind), timestamp, body),
    body: encoder.encode(body) as Uint8Array<ArrayBuffer>,
  };
}

const send = ({ path, timestamp, signature, body }: Given) =>
  callWorker(path, {
    method: "POST",
    headers: { "x-clickclack-timestamp": timestamp, "x-clickclack-signature": signature },
    body,
  });

/** What may happen to a request on its way. Each changes something that the signature covers, or the signature. */
const ALTERATIONS: Record<string, (given: Given, random: () => number) => Given> = {
  "a bit of the body": (given, random) => {
    const body = given.body.slice();
    const at = Math.floor(random() * body.length);
    body[at] = (body[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    return { ...given, body };
  },
  "a byte that is put into the body": (given, random) => {
    const at = Math.floor(random() * (given.body.length + 1));
    const byte = Math.floor(random() * 256);
    return { ...given, body: Uint8Array.from([...given.body.slice(0, at), byte, ...given.body.slice(at)]) };
  },
  "a part of the body that is missing": (given, random) => {
    const at = Math.floor(random() * given.body.length);
    const until = at + 1 + Math.floor(random() * (given.body.length - at));
    return { ...given, body: Uint8Array.from([...given.body.slice(0, at), ...given.body.slice(until)]) };
  },
  "another timestamp": (given, random) => {
    const difference = 1 + Math.floor(random() * 10 ** (1 + Math.floor(random() * 8)));
    const sign = random() < 0.5 ? 1 : -1;
    return { ...given, timestamp: String(Number(given.timestamp) + sign * difference) };
  },
  "the timestamp in another form": (given, random) => {
    const forms = [
      (text: string) => `0${text}`,
      (text: string) => `${text}.0`,
      (text: string) => `+${text}`,
      (text: string) => `${text}000`,
      (text: string) => `${text}e0`,
      (text: string) => `${text}, ${text}`,
      (text: string) => `${text.slice(0, 5)} ${text.slice(5)}`,
      () => "",
    ];
    const form = forms[Math.floor(random() * forms.length)];
    return { ...given, timestamp: form?.(given.timestamp) ?? "" };
  },
  "a digit of the signature": (given, random) => {
    const at = "sha256=".length + Math.floor(random() * 64);
    const digit = given.signature.charAt(at);
    const others = [..."0123456789abcdef"].filter((other) => other !== digit);
    const other = others[Math.floor(random() * others.length)] ?? "";
    return { ...given, signature: given.signature.slice(0, at) + other + given.signature.slice(at + 1) };
  },
  "another signature altogether": (given, random) => ({
    ...given,
    signature: `sha256=${Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join("")}`,
  }),
  "the signature in another form": (given, random) => {
    const forms = [
      (text: string) => text.slice(7),
      (text: string) => text.toUpperCase(),
      (text: string) => `${text}${text.slice(7)}`,
      (text: string) => text.slice(0, -1 - Math.floor(random() * 60)),
      (text: string) => `sha1=${text.slice(7, 47)}`,
      (text: string) => `${text}, ${text}`,
      () => "",
    ];
    const form = forms[Math.floor(random() * forms.length)];
    return { ...given, signature: form?.(given.signature) ?? "" };
  },
  "the path of the other kind": (given) => ({
    ...given,
    path: given.path.replace(/events|commands/, (kind) => (kind === "events" ? "commands" : "events")),
  }),
  "the path of another account": (given) => ({ ...given, path: given.path.replace("altered", "called") }),
};

const journaled = () =>
  inStorage((sql) => sql.exec<{ n: number }>("SELECT count(*) AS n FROM journal").one().n);

test.each(Object.entries(ALTERATIONS))(
  `of ${ALTERATIONS_EACH} requests with %s none is accepted`,
  async (_what, alter) => {
    vi.spyOn(console, "log").mockImplementation(() => {});
    const before = await journaled();
    for (const seed of seeds(ALTERATIONS_EACH)) {
      const random = seeded(seed);
      const given = await good(seed % 2 === 0 ? "events" : "commands", seed);
      const { status } = await send(alter(given, random));
      expect([seed, status]).toEqual([seed, 401]);
    }
    expect(await journaled()).toBe(before);
  },
);

test("while the same requests are accepted as they are", async () => {
  for (const kind of ["events", "commands"] as const) {
    const before = await journaled();
    expect((await send(await good(kind, 0))).status).toBe(kind === "events" ? 202 : 200);
    expect(await journaled()).toBe(before + 1);
  }
});
