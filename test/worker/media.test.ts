import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, afterEach, describe, expect, it, onTestFinished } from "vitest";
import { BotAccount } from "../../src/account/bot-account.ts";
import { MEDIA_INLINE_MAX_BYTES, MEDIA_MAX, UPLOADS_AT_ONCE_MAX } from "../../src/limits-media.ts";
import { crowdAt, fileAt, mediaOf, seenAt } from "../support/media.ts";
import { worldOf } from "../support/world.ts";

const world = worldOf("media");
const { ask, bytesOf, clickclack, filesOn, said, timesIn, uploadsFor } = mediaOf("media", world);
const EDGE_FAILS = { kind: "status", status: 503 };
const HELLO = { data: btoa("hello"), filename: "hello.txt", contentType: "text/plain" };
const key = (name: string) => ({ "idempotency-key": name });

afterEach(() => clickclack.clearFaults());
afterAll(() => abortAllDurableObjects());

describe("a send with files", () => {
  it("brings one that is in the request", async () => {
    const { status, answer } = await ask({ text: "see this", media: [HELLO] });
    expect(status).toBe(201);
    expect(await said(answer.messageId)).toMatchObject({ body: "see this", author_id: world.bot.id });
    const files = await filesOn(answer.messageId);
    expect(files).toMatchObject([{ filename: "hello.txt", content_type: "text/plain", byte_size: 5 }]);
    expect(new TextDecoder().decode(await bytesOf(files[0]?.id))).toBe("hello");
  });

  it("brings one by its address, as its server says that it is", async () => {
    const url = fileAt("/pictures/a%20b.png", { content: "\x89PNG", type: "image/png; q=1" });
    const { status, answer } = await ask({ text: "by url", media: [{ url }] });
    expect(status).toBe(201);
    const files = await filesOn(answer.messageId);
    expect(files).toMatchObject([{ filename: "a b.png", content_type: "image/png", byte_size: 4 }]);
    expect(await bytesOf(files[0]?.id)).toEqual(Uint8Array.from([0x89, 0x50, 0x4e, 0x47]));
  });

  it("brings several, in their order", async () => {
    const { answer } = await ask({
      text: "three",
      media: [
        { url: fileAt("/1", { content: "1" }), filename: "one.png" },
        HELLO,
        { url: fileAt("/3", { content: "333", chunked: true, type: "audio/ogg" }), filename: "three.ogg" },
      ],
    });
    expect(await filesOn(answer.messageId)).toMatchObject([
      { filename: "one.png", byte_size: 1 },
      { filename: "hello.txt", byte_size: 5 },
      { filename: "three.ogg", content_type: "audio/ogg", byte_size: 3 },
    ]);
  });

  it("brings what was compressed on its way as it was before", async () => {
    const url = fileAt("/packed.png", { bytes: 100_000, gzip: true });
    const { status, answer } = await ask({ text: "packed", media: [{ url }] });
    expect(status).toBe(201);
    expect(await filesOn(answer.messageId)).toMatchObject([{ byte_size: 100_000 }]);
  });

  it("has the names of the files for a text when it has none", async () => {
    const { answer } = await ask({ media: [HELLO, { url: fileAt("/dir/report.pdf/") }] });
    expect((await said(answer.messageId)).body).toBe("hello.txt\nreport.pdf");
  });

  it("goes to a thread, to a person, and quotes", async () => {
    const root = await world.room.say(world.ada, world.general, "root of files");
    const inThread = await ask({ to: `thread:${root}`, text: "in the thread", media: [HELLO] });
    const quoting = await ask({ replyTo: root, text: "quoting", media: [HELLO] });
    const direct = await ask({ to: "dm:@ada", text: "for you", media: [HELLO] });
    const dm = await world.room.openDm(world.ada, world.bot);
    expect((await world.room.inThread(world.ada, root)).map(({ id }) => id)).toEqual([
      inThread.answer.messageId,
    ]);
    expect((await world.room.inDm(world.ada, dm)).map(({ id }) => id)).toEqual([direct.answer.messageId]);
    expect((await said(quoting.answer.messageId)).quoted_message_id).toBe(root);
    for (const { answer } of [inThread, quoting, direct])
      expect(await filesOn(answer.messageId)).toMatchObject([{ filename: "hello.txt" }]);
  });

  it("knows an image that does not say what it is, and leaves anything else unknown", async () => {
    const gif = { data: btoa("GIF89a..."), filename: "moving" };
    const { answer } = await ask({ text: "typeless", media: [gif, { data: btoa("?"), filename: "thing" }] });
    expect(await filesOn(answer.messageId)).toMatchObject([
      { content_type: "image/gif" },
      { content_type: "application/octet-stream" },
    ]);
  });

  it("keeps a name in any script", async () => {
    const filename = "Übersicht „neu“ 表.txt";
    const { answer } = await ask({ text: "names", media: [{ ...HELLO, filename }] });
    expect(await filesOn(answer.messageId)).toMatchObject([{ filename }]);
  });

  it("brings as much as a request may have, and as many files", async () => {
    const data = btoa("x".repeat(MEDIA_INLINE_MAX_BYTES));
    const { answer } = await ask({ text: "large", media: [{ data, filename: "large.bin" }] });
    expect(await filesOn(answer.messageId)).toMatchObject([{ byte_size: MEDIA_INLINE_MAX_BYTES }]);
    const many = Array.from({ length: MEDIA_MAX }, (_, index) => ({ ...HELLO, filename: `${index}.txt` }));
    const full = await ask({ text: "many", media: many });
    expect((await filesOn(full.answer.messageId)).map(({ filename }) => filename)).toEqual(
      many.map(({ filename }) => filename),
    );
  });

  it("follows redirects, and takes nothing of ours along", async () => {
    const end = fileAt("/final.png", { content: "end" });
    const middle = fileAt("/middle", { status: 302, headers: { location: end } });
    const url = fileAt("/start.png", {
      status: 307,
      headers: { location: middle.replace(/^http:\/\/[^/]+/, "") },
    });
    const { answer } = await ask({ text: "redirected", media: [{ url }] });
    expect(await filesOn(answer.messageId)).toMatchObject([{ filename: "start.png", byte_size: 3 }]);
    for (const path of ["/start.png", "/middle", "/final.png"]) {
      const [{ headers } = { headers: {} }] = await seenAt(path);
      expect(headers).toMatchObject({ "user-agent": "clickclack-edge", "accept-encoding": "identity" });
      expect(JSON.stringify(headers)).not.toMatch(/authorization|cf-access|cookie|ccb_/i);
    }
  });
});

describe("a send with files is made once", () => {
  it("with the same key: nothing is fetched, uploaded or posted again", async () => {
    const body = { text: "once", media: [{ url: fileAt("/once.png") }, HELLO] };
    const first = await ask(body, key("once"));
    const second = await ask(body, key("once"));
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.answer).toEqual(first.answer);
    expect(await uploadsFor(first.id)).toBe(2);
    expect(await seenAt("/once.png")).toHaveLength(1);
    expect(await timesIn(world.general, "once")).toBe(1);
  });

  it("with the same key at the same time", async () => {
    const body = { text: "twins", media: [{ url: fileAt("/twins.png") }, HELLO] };
    const twins = await Promise.all([ask(body, key("twins")), ask(body, key("twins"))]);
    expect(twins.map(({ status }) => status).sort()).toEqual([200, 201]);
    expect(await uploadsFor(twins[0].id)).toBe(2);
    expect(await filesOn(twins[0].answer.messageId)).toHaveLength(2);
  });

  it.each([
    ["text", { text: "other", media: [HELLO] }],
    ["data", { text: "same", media: [{ ...HELLO, data: btoa("other") }] }],
    ["name", { text: "same", media: [{ ...HELLO, filename: "other.txt" }] }],
    ["type", { text: "same", media: [{ ...HELLO, contentType: "text/x-other" }] }],
    ["number", { text: "same", media: [HELLO, HELLO] }],
    ["way", { text: "same", media: [{ url: "https://example.com/hello.txt", filename: "hello.txt" }] }],
    ["lack", { text: "same" }],
  ])("and is another one with another %s", async (what, other) => {
    expect((await ask({ text: "same", media: [HELLO] }, key(`differs ${what}`))).status).toBe(201);
    const { status, answer } = await ask(other, key(`differs ${what}`));
    expect([status, answer.code]).toEqual([409, "idempotency_key_reused"]);
  });

  it.each([
    ["before an upload", "POST", "^/api/uploads$", { kind: "drop" }],
    ["after an upload whose answer is lost", "POST", "^/api/uploads$", { kind: "drop_after_commit" }],
    ["at the look for an upload", "GET", "/uploads/by-nonce$", EDGE_FAILS],
    ["before the message", "POST", "/messages$", { kind: "drop" }],
    ["after a message whose answer is lost", "POST", "/messages$", { kind: "drop_after_commit" }],
    ["before a file is hung on it", "POST", "/attachments$", { kind: "drop" }],
    ["after a file was hung on it", "POST", "/attachments$", { kind: "drop_after_commit" }],
  ])("by itself, when it fails once %s", async (name, method, path, fault) => {
    await clickclack.fault(method, path, fault);
    const url = fileAt(`/itself/${encodeURIComponent(name)}.png`, { content: "x" });
    const { status, answer, id } = await ask({ text: name, media: [{ url }, HELLO] });
    expect(status).toBe(201);
    expect((await filesOn(answer.messageId)).map(({ byte_size }) => byte_size)).toEqual([1, 5]);
    expect(await timesIn(world.general, name)).toBe(1);
    expect(await uploadsFor(id)).toBeLessThanOrEqual(3);
  });

  it.each([
    ["the upload", "POST", "^/api/uploads$", EDGE_FAILS, 0],
    ["the uploads' answers", "POST", "^/api/uploads$", { kind: "drop_after_commit" }, 1],
    ["the message", "POST", "/messages$", EDGE_FAILS, 2],
    ["the message's answer", "POST", "/messages$", { kind: "drop_after_commit" }, 2],
    ["the first attachment", "POST", "/attachments$", EDGE_FAILS, 2],
  ])("by a repeat with the same key, when %s fails for longer", async (name, method, path, fault, there) => {
    const file = `/repeat/${encodeURIComponent(name)}.png`;
    const body = { text: `repeat: ${name}`, media: [{ url: fileAt(file, { content: "x" }) }, HELLO] };
    await clickclack.fault(method, path, fault, 100);
    await clickclack.fault("GET", "/messages/by-nonce$", EDGE_FAILS, 100);
    if (there === 1) await clickclack.fault("GET", "/uploads/by-nonce$", EDGE_FAILS, 1);
    const failed = await ask(body, key(name));
    expect([failed.status, failed.answer.code]).toEqual([503, "clickclack_unavailable"]);

    await clickclack.clearFaults();
    const { status, answer, id } = await ask(body, key(name));
    expect(status).toBe(201);
    expect((await filesOn(answer.messageId)).map(({ byte_size }) => byte_size)).toEqual([1, 5]);
    expect(await timesIn(world.general, `repeat: ${name}`)).toBe(1);
    const uploaded = (await clickclack.calls("POST", "^/api/uploads$")).filter(
      (call) => call.query.nonce?.includes(id.slice(-24)) && call.status !== 503,
    );
    expect(uploaded).toHaveLength(2);
  });

  it("by a repeat with the same key, after its object has died in the middle", async () => {
    const body = { text: "died in the middle", media: [{ url: fileAt("/died.png") }, HELLO] };
    await clickclack.fault("POST", "/attachments$", { kind: "hang" });
    const lost = ask(body, key("died")).catch(() => undefined);
    await expect
      .poll(async () => (await clickclack.calls("POST", "/attachments$")).at(-1)?.fault)
      .toBe("hang");
    await abortAllDurableObjects();
    await lost;
    const { status, answer, id } = await ask(body, key("died"));
    expect(status).toBe(201);
    expect(await filesOn(answer.messageId)).toHaveLength(2);
    expect(await timesIn(world.general, "died in the middle")).toBe(1);
    expect(await uploadsFor(id)).toBe(2);
    expect(await seenAt("/died.png")).toHaveLength(1);
  });
});

it("an object of the version before, which would post the text alone, posts nothing", async () => {
  const { sendFiles } = BotAccount.prototype;
  Reflect.deleteProperty(BotAccount.prototype, "sendFiles");
  onTestFinished(() => void Reflect.set(BotAccount.prototype, "sendFiles", sendFiles));
  for (const headers of [{}, { prefer: "respond-async" }]) {
    const { status, answer, headers: answered } = await ask({ text: "alone", media: [HELLO] }, headers);
    expect([status, answer.code, answered.get("retry-after")]).toEqual([500, "internal", "300"]);
  }
  expect((await ask({ text: "nothing to it" })).status).toBe(201);
  expect(await timesIn(world.general, "alone")).toBe(0);
});

it("many sends with files at once are made, so many uploads at a time, because ClickClack has room for eight", async () => {
  const crowd = mediaOf("mediaquota", worldOf("mediaquota"));
  const sends = Array.from({ length: 5 * UPLOADS_AT_ONCE_MAX }, (_, index) => {
    const url = fileAt(`/crowd/${index}.png`, { peers: UPLOADS_AT_ONCE_MAX });
    return crowd.ask({ text: `${index}`, media: [{ url }] });
  });
  expect(new Set((await Promise.all(sends)).map(({ status }) => status))).toEqual(new Set([201]));
  expect(await crowdAt("/crowd/")).toBe(UPLOADS_AT_ONCE_MAX);
});
