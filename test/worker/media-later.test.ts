import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { RETRY_AFTER_MAX_MS } from "../../src/limits.ts";
import { MEDIA_ATTEMPTS_MAX } from "../../src/limits-media.ts";
import { fileAt, mediaOf, seenAt } from "../support/media.ts";
import { objectOf } from "../support/object.ts";
import { until } from "../support/wait.ts";
import { sendState, worldOf } from "../support/world.ts";

const world = worldOf("medialater");
const { clickclack, filesOn, timesIn, uploadsFor, ...media } = mediaOf("medialater", world);
const { inStorage, passTime, stub } = objectOf("medialater");
const EDGE_FAILS = { kind: "status", status: 503 };
const HELLO = { data: btoa("hello"), filename: "hello.txt", contentType: "text/plain" };

afterEach(() => clickclack.clearFaults());
afterAll(() => abortAllDurableObjects());

const ask = (body: object, headers: Record<string, string> = {}) =>
  media.ask(body, { prefer: "respond-async", ...headers });

/** Waits for a send's end, driving time. */
async function ended(id: string): Promise<Record<string, unknown>> {
  await until(async () => {
    await passTime(RETRY_AFTER_MAX_MS);
    return (await sendState(id)).state !== "pending";
  });
  return sendState(id);
}

const rowOf = (id: string) =>
  inStorage((sql) => sql.exec("SELECT * FROM outbox WHERE nonce LIKE ?", `%:${id.slice(-24)}:%`).one());

describe("a send with files in the background", () => {
  it("is taken on with its data uploaded, and fetches and posts afterwards", async () => {
    await clickclack.fault("POST", "/messages$", EDGE_FAILS, 1);
    const url = fileAt("/later/a.png?token=s3cret", { content: "abc" });
    const { status, id, headers } = await ask({ text: "later", media: [{ url }, HELLO] });
    expect([status, headers.get("preference-applied")]).toEqual([202, "respond-async"]);
    const sent = await ended(id);
    expect(sent).toMatchObject({ state: "sent", attempts: 1 });
    expect(await filesOn(String(sent.messageId))).toMatchObject([
      { filename: "a.png", byte_size: 3 },
      { filename: "hello.txt", byte_size: 5 },
    ]);
    expect(await uploadsFor(id)).toBe(2);
    expect(await seenAt("/later/a.png")).toHaveLength(1);
  });

  it("needs nothing of ClickClack's to be taken on when its files are elsewhere", async () => {
    await clickclack.fault("GET", "", EDGE_FAILS, 1000);
    await clickclack.fault("POST", "", EDGE_FAILS, 1000);
    await abortAllDurableObjects();
    const { status, id } = await ask({ media: [{ url: fileAt("/away/b.png") }] });
    expect(status).toBe(202);
    await until(async () => Number((await sendState(id)).attempts) > 0);
    expect(await seenAt("/away/b.png")).toHaveLength(0);
    await clickclack.clearFaults();
    const sent = await ended(id);
    expect(await filesOn(String(sent.messageId))).toMatchObject([{ filename: "b.png" }]);
  });

  it("is not taken on while its data cannot be uploaded, and is at a repeat", async () => {
    await clickclack.fault("POST", "^/api/uploads$", EDGE_FAILS, 100);
    const body = { text: "not yet", media: [HELLO] };
    const key = { "idempotency-key": "not yet" };
    const refused = await ask(body, key);
    expect([refused.status, refused.answer.code]).toEqual([503, "clickclack_unavailable"]);
    await clickclack.clearFaults();
    const { status, id } = await ask(body, key);
    expect(status).toBe(202);
    expect(await ended(id)).toMatchObject({ state: "sent" });
    expect((await ask(body, key)).status).toBe(200);
    expect(await timesIn(world.general, "not yet")).toBe(1);
  });

  it("is not taken on when nobody has its data any more", async () => {
    const file = { kind: "inline" as const, sha256: "00", filename: "gone.txt" };
    const outcome = await stub().sendFiles({ to: "side", text: "without its file", media: [file] }, "accept");
    expect(outcome).toMatchObject({ kind: "refused", problem: { code: "clickclack_unavailable" } });
    expect(await timesIn(world.side, "without its file")).toBe(0);
  });

  it("is one send of two with the same key at the same time", async () => {
    const body = { text: "later twins", media: [HELLO, { url: fileAt("/later/twins.png") }] };
    const key = { "idempotency-key": "later twins" };
    const [first, second] = await Promise.all([ask(body, key), ask(body, key)]);
    expect(first.id).toBe(second.id);
    await ended(first.id);
    expect(await timesIn(world.general, "later twins")).toBe(1);
    const answered = (await clickclack.calls("POST", "^/api/uploads$")).filter(
      ({ query, status }) => query.nonce?.includes(first.id.slice(-24)) && status === 201,
    );
    expect(answered).toHaveLength(2);
  });

  it("is the first of two different ones with the same key at the same time", async () => {
    const key = { "idempotency-key": "rivals" };
    const rival = (text: string) => ask({ text, media: [{ ...HELLO, data: btoa(text) }] }, key);
    const both = await Promise.all([rival("rival a"), rival("rival b")]);
    expect(both.map(({ status }) => status).sort()).toEqual([202, 409]);
    await ended(both.find(({ status }) => status === 202)?.id ?? "");
    expect((await timesIn(world.general, "rival a")) + (await timesIn(world.general, "rival b"))).toBe(1);
  });

  it("waits as long as the server of a file asks it to", async () => {
    const busy = { status: 503, headers: { "retry-after": "300" } };
    const { id } = await ask({ to: "side", media: [{ url: fileAt("/later/busy.png", busy) }] });
    await until(async () => Number((await sendState(id)).attempts) === 1);
    expect(Number((await sendState(id)).retryAt) - Date.now()).toBeGreaterThan(240_000);
  });

  it.each([
    ["an upload", "^/api/uploads$", { kind: "drop" }],
    ["an upload's answer", "^/api/uploads$", { kind: "drop_after_commit" }],
    ["the message's answer", "/messages$", { kind: "drop_after_commit" }],
    ["an attachment", "/attachments$", EDGE_FAILS],
    ["an attachment's answer", "/attachments$", { kind: "drop_after_commit" }],
  ])("makes up for %s by itself, also when its object dies", async (what, path, fault) => {
    await clickclack.fault("POST", path, fault, 2);
    const text = `made up for ${what}`;
    const file = `/later/${encodeURIComponent(what)}.png`;
    const { id } = await ask({ text, media: [{ url: fileAt(file) }, { url: fileAt(`${file}2`) }] });
    await until(async () => (await clickclack.calls("POST", path)).at(-1)?.fault !== undefined);
    await abortAllDurableObjects();
    const { messageId } = await ended(id);
    expect(await filesOn(String(messageId))).toHaveLength(2);
    expect(await timesIn(world.general, text)).toBe(1);
    const stored = (await clickclack.calls("POST", "^/api/uploads$")).filter(
      (call) => call.query.nonce?.includes(id.slice(-24)) && call.fault !== "drop",
    );
    expect(stored).toHaveLength(2);
  });

  it("waits for the server of a file that fails for now", async () => {
    const url = fileAt("/later/flaky.png", { failsFirst: 2 });
    const { id } = await ask({ text: "flaky", media: [{ url }] });
    await until(async () => Number((await sendState(id)).attempts) === 1);
    expect(await sendState(id)).toMatchObject({
      state: "pending",
      detail: "media.0: its server answered 503",
    });
    expect(await ended(id)).toMatchObject({ state: "sent", attempts: 2 });
    expect(await seenAt("/later/flaky.png")).toHaveLength(3);
  });

  it("is given up when such a server fails for minutes, and posts nothing then", async () => {
    const { id } = await ask({
      text: "never",
      media: [{ url: fileAt("/later/never.png", { status: 500 }) }],
    });
    expect(await ended(id)).toMatchObject({
      state: "failed",
      code: "media_unavailable",
      detail: `given up after ${MEDIA_ATTEMPTS_MAX} tries: media.0: its server answered 500`,
    });
    expect(await timesIn(world.general, "never")).toBe(0);
  });

  it("has its own tries for such a server, whatever ClickClack took before", async () => {
    await clickclack.fault("GET", "/uploads/by-nonce$", EDGE_FAILS, 1000);
    const url = fileAt("/later/after-an-outage.png", { failsFirst: 1 });
    const { id } = await ask({ text: "after an outage", media: [{ url }] });
    await until(async () => {
      await passTime(RETRY_AFTER_MAX_MS);
      return Number((await sendState(id)).attempts) >= MEDIA_ATTEMPTS_MAX;
    });
    await clickclack.clearFaults();
    expect(await ended(id)).toMatchObject({ state: "sent" });
  });

  it.each([
    ["is not there", { status: 404 }, "media_unavailable"],
    ["is a page", { type: "text/html; charset=utf-8" }, "media_type"],
    ["is too large", { headers: { "content-length": "99999999999" } }, "media_too_large"],
    [
      "leads to an address that is not public",
      { status: 302, headers: { location: "http://10.0.0.1/x" } },
      "media_not_allowed",
    ],
  ])("fails at once when a file %s", async (what, wish, code) => {
    const { id } = await ask({ text: what, media: [{ url: fileAt(`/later/${what}`, wish) }] });
    await until(async () => (await sendState(id)).state === "failed");
    expect(await sendState(id)).toMatchObject({
      code,
      detail: expect.stringMatching(/^media\.0: its? /),
    });
    expect(await timesIn(world.general, what)).toBe(0);
  });

  it("keeps no address once it is sent or failed, and no data ever", async () => {
    await clickclack.fault("POST", "/messages$", EDGE_FAILS, 1);
    const waiting = await ask({ text: "kept", media: [HELLO, { url: fileAt("/kept.png?sig=s3cret") }] });
    await until(async () => Number((await sendState(waiting.id)).attempts) === 1);
    const { media: stored } = await rowOf(waiting.id);
    expect(String(stored)).toMatch(/upl_.*kept\.png.*s3cret/);
    expect(String(stored)).not.toContain(HELLO.data);
    const failed = await ask({ text: "kept not", media: [{ url: fileAt("/kept-not", { status: 410 }) }] });
    for (const { id } of [waiting, failed]) {
      await ended(id);
      expect(await rowOf(id)).toMatchObject({ media: null, text: "" });
    }
  });

  it("goes on in the background when it ended unclear while its caller waited", async () => {
    const body = { text: "handed over", media: [HELLO, { url: fileAt("/handed-over.png") }] };
    const key = { "idempotency-key": "handed over" };
    await clickclack.fault("POST", "/attachments$", EDGE_FAILS, 2);
    expect((await media.ask(body, key)).status).toBe(503);
    const { status, id } = await ask(body, key);
    expect(status).toBe(202);
    const { messageId } = await ended(id);
    expect(await filesOn(String(messageId))).toHaveLength(2);
    expect(await timesIn(world.general, "handed over")).toBe(1);
    expect(await uploadsFor(id)).toBe(2);
  });
});

it("a row from before files were known is delivered", async () => {
  await clickclack.fault("POST", "/messages$", { ...EDGE_FAILS, headers: { "retry-after": "300" } });
  const { id } = await ask({ text: "old row" });
  await until(async () => Number((await sendState(id)).attempts) === 1);
  await inStorage((sql) => {
    sql.exec("ALTER TABLE outbox DROP COLUMN media");
    sql.exec("DELETE FROM schema_steps WHERE step = 6");
  });
  await abortAllDurableObjects();
  expect(await ended(id)).toMatchObject({ state: "sent" });
});
