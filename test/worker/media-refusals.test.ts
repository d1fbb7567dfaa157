import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { MEDIA_INLINE_MAX_BYTES, MEDIA_MAX, MEDIA_URL_MAX_CHARS } from "../../src/limits-media.ts";
import { fileAt, mediaOf, seenAt } from "../support/media.ts";
import { until } from "../support/wait.ts";
import { postMessage, worldOf } from "../support/world.ts";

const world = worldOf("mediabounds");
const { ask, clickclack, filesOn, state: stateOf, timesIn, uploadsFor } = mediaOf("mediabounds", world);
const small = mediaOf("mediasmall", worldOf("mediasmall"));
const MIB = 1024 * 1024;
const HELLO = { data: btoa("hello"), filename: "hello.txt" };
const PUBLIC = "https://files.example.com/a.png";

afterEach(() => {
  vi.restoreAllMocks();
  return clickclack.clearFaults();
});
afterAll(() => abortAllDurableObjects());

describe("a request is refused before anything is done", () => {
  it.each<[name: string, media: unknown, field: string]>([
    ["that is no list", {}, "media"],
    ["that is empty", [], "media"],
    ["that is too long", Array(MEDIA_MAX + 1).fill(HELLO), "media"],
    ["with something that is no file", ["a.png"], "media.0"],
    ["with a file of nothing", [{}], "media.0.url"],
    ["with a file of both kinds", [{ ...HELLO, url: PUBLIC }], "media.0.url"],
    ["with an unknown field", [HELLO, { url: PUBLIC, size: 7 }], "media.1.size"],
    ["with an address that is none", [{ url: "a.png" }], "media.0.url"],
    ["with an address of another scheme", [{ url: "ftp://files.example.com/a" }], "media.0.url"],
    [
      "with an address that holds a password",
      [{ url: "https://a:s3cret@files.example.com/" }],
      "media.0.url",
    ],
    [
      "with an address that is too long",
      [{ url: PUBLIC.padEnd(MEDIA_URL_MAX_CHARS + 1, "x") }],
      "media.0.url",
    ],
    ["with data that is no base64", [{ ...HELLO, data: "héllo" }], "media.0.data"],
    ["with data that is a data URI", [{ ...HELLO, data: "data:text/plain;base64,aGk=" }], "media.0.data"],
    ["with data that is empty", [{ ...HELLO, data: "" }], "media.0.data"],
    ["with data without a name", [{ data: HELLO.data }], "media.0.filename"],
    ["with a name that is a path", [{ ...HELLO, filename: "../a.txt" }], "media.0.filename"],
    ["with a name that is Windows' path", [{ ...HELLO, filename: "C:\\a.txt" }], "media.0.filename"],
    ["with a name that ends a header", [{ ...HELLO, filename: "a\r\nX: y" }], "media.0.filename"],
    ["with a name of dots", [{ ...HELLO, filename: ".." }], "media.0.filename"],
    ["with a blank name", [{ url: PUBLIC, filename: " " }], "media.0.filename"],
    ["with a name that is too long", [{ ...HELLO, filename: "x".repeat(256) }], "media.0.filename"],
    ["with a type that is none", [{ ...HELLO, contentType: "text" }], "media.0.contentType"],
    ["with a type that ends a header", [{ ...HELLO, contentType: "a/b\r\nX: y" }], "media.0.contentType"],
  ])("for media %s", async (_name, media, field) => {
    const { status, answer } = await ask({ text: "x", media });
    expect([status, answer.code, answer.field]).toEqual([400, "invalid_request", field]);
    expect(answer.detail).toMatch(new RegExp(`^${field}: .{8}`));
    expect(JSON.stringify(answer)).not.toContain("s3cret");
  });

  it.each([
    "http://localhost/a.png",
    "http://127.0.0.1:1/a.png",
    "http://2130706433/a.png",
    "http://[::1]/a.png",
    "http://169.254.169.254/latest/meta-data",
    "http://minio:9000/a.png",
    "http://a.internal/a.png",
  ])("for the address %s, which is not public", async (url) => {
    for (const headers of [{}, { prefer: "respond-async" }]) {
      const { status, answer } = await ask({ text: "x", media: [HELLO, { url }] }, headers);
      expect([status, answer.code, answer.field]).toEqual([403, "media_not_allowed", "media.1.url"]);
    }
  });

  it("for more data than a request may have", async () => {
    const half = { data: btoa("x".repeat(MEDIA_INLINE_MAX_BYTES / 2)), filename: "half" };
    const { status, answer } = await ask({ media: [half, half, { data: "YQ==", filename: "one more" }] });
    expect([status, answer.code, answer.field]).toEqual([413, "media_too_large", "media"]);
  });

  it("for more of anything than a request may have", async () => {
    const { status, answer } = await ask({ media: [{ ...HELLO, data: "QUJD".repeat(3.2 * MIB) }] });
    expect([status, answer.code]).toEqual([413, "too_large"]);
  });

  it("for as much text as before, whether there is data or not", async () => {
    const text = "x".repeat(1.1 * MIB);
    for (const media of [undefined, [HELLO], [{ ...HELLO, data: btoa("x".repeat(MIB)) }]])
      expect((await ask({ text, media })).answer).toMatchObject({
        code: "too_large",
        // And not by ClickClack, once the files are there.
        detail: expect.stringContaining("a request may have"),
      });
  });

  it("for data that the account does not allow", async () => {
    const data = btoa("x".repeat(MIB + 1));
    const { status, answer } = await small.ask({ media: [{ data, filename: "a" }] });
    expect([status, answer.code, answer.field]).toEqual([413, "media_too_large", "media.0.data"]);
    expect((await small.ask({ media: [{ data: btoa("x".repeat(MIB)), filename: "a" }] })).status).toBe(201);
  });
});

describe("a file that cannot be had refuses its send, which posts nothing", () => {
  it.each([
    ["is not there", { status: 404 }, 502, "media_unavailable", /answered 404$/],
    ["is kept back", { status: 403 }, 502, "media_unavailable", /answered 403$/],
    ["has moved nowhere", { status: 302 }, 502, "media_unavailable", /answered 302$/],
    ["is only a part", { status: 206 }, 502, "media_unavailable", /answered 206$/],
    ["fails", { status: 500 }, 502, "media_unavailable", /answered 500$/],
    ["breaks off", { bytes: 5_000, breaksAfter: 10 }, 502, "media_unavailable", /broke off/],
    [
      "breaks off without a length",
      { bytes: 9, chunked: true, breaksAfter: 5 },
      502,
      "media_unavailable",
      /broke off/,
    ],
    ["is a page", { type: "text/html" }, 415, "media_type", /web page/],
    ["is another kind of page", { type: "Application/XHTML+XML; q" }, 415, "media_type", /web page/],
    ["has no type", { type: null }, 415, "media_type", /of what type/],
    [
      "moves to an address that is none",
      { status: 301, headers: { location: "ftp://x.org/" } },
      403,
      "media_not_allowed",
      /redirects/,
    ],
    [
      "moves to an address that is not public",
      { status: 308, headers: { location: "http://[::1]/" } },
      403,
      "media_not_allowed",
      /redirects/,
    ],
  ])("when it %s", async (what, wish, expected, code, detail) => {
    const url = fileAt(`/bad/${encodeURIComponent(what)}`, { content: "x", ...wish });
    const { status, answer } = await ask({ text: what, media: [{ url }] });
    expect([status, answer.code, answer.field]).toEqual([expected, code, "media.0"]);
    expect(answer.detail).toMatch(detail);
    expect(await timesIn(world.general, what)).toBe(0);
  });

  it("when it is of another type than was asked for", async () => {
    const at = fileAt("/typed", { type: "image/jpeg; a=b" });
    const wrong = await ask({ media: [{ url: at, contentType: "image/png" }] });
    expect([wrong.status, wrong.answer.code]).toEqual([415, "media_type"]);
    expect((await ask({ media: [{ url: at, contentType: "Image/JPEG" }] })).status).toBe(201);
  });

  it("when it redirects for ever", async () => {
    const url = fileAt("/loop", { status: 302, headers: { location: "#again" } });
    const { status, answer } = await ask({ media: [{ url }] });
    expect([status, answer.code]).toEqual([502, "media_unavailable"]);
    expect(await seenAt("/loop")).toHaveLength(4);
  });

  it("when nobody is there", async () => {
    // The port of a server of files that is not there any more cannot be had; a public name that does not exist can.
    const { status, answer } = await ask({
      media: [{ url: "https://nobody-there.example.com/a?sig=s3cret" }],
    });
    expect([status, answer.code]).toEqual([502, "media_unavailable"]);
    expect(JSON.stringify(answer)).not.toMatch(/s3cret|nobody-there/);
  });

  it.each([
    ["says so", {}, 0],
    ["does not say so", { chunked: true }, 1],
    ["is small on its way", { gzip: true }, 1],
  ])("when it is too large and %s, at the cost of no upload", async (how, wish, asked) => {
    const body = (bytes: number) => ({
      text: `${how} ${bytes}`,
      media: [{ url: fileAt(`/large/${encodeURIComponent(how)}`, { bytes, ...wish }) }],
    });
    const key = { "idempotency-key": how };
    const { status, answer } = await small.ask(body(MIB + 1), key);
    expect([status, answer.code, answer.field]).toEqual([413, "media_too_large", "media.0"]);
    const made = (await small.clickclack.calls("POST", "^/api/uploads$")).length;
    const fits = await small.ask(body(MIB), key);
    expect(fits.status).toBe(201);
    expect(await small.uploadsFor(fits.id)).toBe(1 + asked);
    expect((await small.clickclack.calls("POST", "^/api/uploads$")).length).toBe(made + 1);
    expect(await small.filesOn(fits.answer.messageId)).toMatchObject([{ byte_size: MIB }]);
  });

  it("and passes a server's Retry-After on", async () => {
    const url = fileAt("/busy", { status: 429, headers: { "retry-after": "11" } });
    const { headers, answer } = await ask({ media: [{ url }] });
    expect([answer.code, headers.get("retry-after")]).toEqual(["media_unavailable", "11"]);
  });

  it("and leaves its key free, and what was uploaded before it", async () => {
    const key = { "idempotency-key": "second file fails first" };
    const body = { text: "second", media: [HELLO, { url: fileAt("/second", { failsFirst: 1 }) }] };
    expect((await ask(body, key)).answer.code).toBe("media_unavailable");
    const { status, id, answer } = await ask(body, key);
    expect(status).toBe(201);
    expect(await uploadsFor(id)).toBe(2);
    expect(await filesOn(answer.messageId)).toHaveLength(2);
  });
});

describe("ClickClack refuses", () => {
  it("a bot without the scope, before a file is fetched", async () => {
    const body = { error: "bot token is missing scope uploads:write" };
    await clickclack.fault("GET", "/uploads/by-nonce$", { kind: "status", status: 403, body });
    const { status, answer } = await ask({ media: [{ url: fileAt("/unscoped") }] });
    expect([status, answer.code, answer.scope]).toEqual([403, "missing_scope", "uploads:write"]);
    expect(await seenAt("/unscoped")).toHaveLength(0);
  });

  it.each([
    ["a token", "POST", "^/api/uploads$", 401, "authentication required", 502, "token_rejected"],
    ["a workspace", "POST", "^/api/uploads$", 403, "sql: no rows in result set", 404, "workspace_not_found"],
    ["a bot that is blocked", "POST", "^/api/uploads$", 403, "moderation restriction", 403, "refused"],
    [
      "an upload that is too large",
      "POST",
      "^/api/uploads$",
      413,
      "http: request body too large",
      413,
      "too_large",
    ],
    [
      "a file on a message that is gone",
      "POST",
      "/attachments$",
      403,
      "sql: no rows in result set",
      403,
      "refused",
    ],
  ])("%s", async (what, method, path, status, error, expected, code) => {
    await clickclack.fault(method, path, { kind: "status", status, body: { error } });
    const refused = await ask({ text: what, media: [HELLO] });
    expect([refused.status, refused.answer.code]).toEqual([expected, code]);
  });

  it("for as long as it says, and is not asked again before", async () => {
    const busy = { kind: "status", status: 503, headers: { "retry-after": "7" } };
    await clickclack.fault("POST", "^/api/uploads$", busy, 2);
    const { answer, headers } = await ask({ media: [HELLO] });
    expect([answer.code, headers.get("retry-after")]).toEqual(["clickclack_unavailable", "7"]);
    expect((await clickclack.calls("POST", "^/api/uploads$")).at(-2)?.status).not.toBe(503);
  });

  it("and a server that does not know uploads by their nonce is asked all the same", async () => {
    const fault = { kind: "status", status: 404, body: { error: "route not found" } };
    await clickclack.fault("GET", "/uploads/by-nonce$", fault);
    expect((await ask({ media: [HELLO] })).status).toBe(201);
  });

  it("uploads beyond what a bot may ever have, and the send says so", async () => {
    const full = mediaOf("mediafull", worldOf("mediafull"));
    const ten = Array.from({ length: 10 }, (_, index) => ({ data: btoa(`${index}`), filename: `${index}` }));
    for (let tens = 0; tens < 6; tens++) expect((await full.ask({ media: ten })).status).toBe(201);
    const { status, answer } = await full.ask({ text: "one too many", media: ten });
    expect([status, answer.code]).toEqual([413, "upload_quota"]);
    expect(answer.detail).toContain("64");
    const later = await full.ask(
      { text: "too many later", media: [{ url: fileAt("/quota.png") }] },
      { prefer: "respond-async" },
    );
    await until(async () => (await full.state(later.id)).state === "failed");
    expect(await full.state(later.id)).toMatchObject({ code: "upload_quota", attempts: 0 });
    for (const text of ["one too many", "too many later"])
      expect(await full.timesIn(worldOf("mediafull").general, text)).toBe(0);
  });
});

it("nothing of an address is ever logged, answered or shown", async () => {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  vi.spyOn(console, "error").mockImplementation((line: string) => void lines.push(String(line)));
  const secret = "s3cret-in-address";
  const answers: unknown[] = [];
  const wishes = [
    { status: 404 },
    { status: 500 },
    { type: "text/html" },
    { bytes: 9, breaksAfter: 1 },
    { status: 302, headers: { location: `http://10.0.0.1/${secret}` } },
    { status: 302, headers: { location: `https://nobody-there.example.com/${secret}` } },
    {},
  ];
  for (const [index, wish] of wishes.entries())
    for (const headers of [{}, { prefer: "respond-async" }] as Record<string, string>[]) {
      // Each to a target of its own: one that waits for its next try holds up those behind it.
      const root = await world.room.say(world.ada, world.side, "root");
      const url = fileAt(`/hushed/${index}/${secret}.png`, wish);
      const { answer, id } = await ask(
        { to: `thread:${root}`, text: "hushed", media: [{ url: `${url}&sig=${secret}` }] },
        headers,
      );
      answers.push(answer);
      if (id !== "") {
        await until(async () => {
          const { attempts, state } = await stateOf(id);
          return attempts !== 0 || state !== "pending";
        });
        answers.push(await stateOf(id));
      }
    }
  expect(JSON.stringify(answers)).not.toContain(secret);
  expect(lines.filter((line) => line.includes('"send:'))).not.toEqual([]);
  expect(lines.join("\n")).not.toContain(secret);
});

it("a send without files is read as before", async () => {
  const response = await postMessage({ account: "mediabounds" });
  expect(await response.json()).toMatchObject({ code: "invalid_request", field: "text" });
});
