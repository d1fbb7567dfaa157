import { exports } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { AccountFiles } from "../../src/account/files.ts";
import type { Files } from "../../src/clickclack/files.ts";
import type { FileContent } from "../../src/clickclack/read-files.ts";
import type { Upload } from "../../src/clickclack/wire.ts";
import {
  FILES_READ_LOST_AFTER_MS,
  IMAGE_MAX_BYTES,
  IMAGES_MAX,
  IMAGES_TOTAL_MAX_BYTES,
  TEXT_FILE_MAX_BYTES,
  TEXT_FILES_MAX,
} from "../../src/limits.ts";
import { clickclackOf } from "../support/control.ts";
import { worldOf } from "../support/world.ts";

const world = worldOf("files");
const clickclack = clickclackOf(world.bot.id);
const files = new AccountFiles((exports as unknown as { Files: Service<Files> }).Files, "files");
const PNG = "\x89PNG\r\n\x1a\n";
const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const downloads = () => clickclack.calls("GET", "/api/uploads/upl_");

afterEach(() => {
  vi.useRealTimers();
  return clickclack.clearFaults();
});

/** Hangs files on a message of a person's, as clients do. @returns what hangs there */
async function attached(...given: [filename: string, contentType: string, content: string][]) {
  const message = await world.room.say(world.ada, world.general, "see the files");
  for (const [filename, contentType, content] of given)
    await world.room.attach(world.ada, message, { filename, contentType, bytes: bytesOf(content) });
  const { attachments = [] } = await world.room.messageOf(world.bot, message);
  return attachments;
}

/** The same file so many times, each as large as it claims to be. */
const claimed = (upload: Upload | undefined, sizes: number[]): Upload[] =>
  sizes.map((byte_size) => ({ id: "", filename: "", content_type: "", ...upload, byte_size }));
const whyOf = (content: FileContent) => (content.kind === "unread" ? content.why : content.kind);

describe("a message's files", () => {
  it("are images whole, texts, and what neither is, in their order", async () => {
    const uploads = await attached(
      ["notes.md", "text/markdown", "# Notes"],
      ["shot.png", "image/png", `${PNG}rest`],
      ["tool.exe", "application/octet-stream", "MZ"],
      ["main.go", "application/octet-stream", "package main"],
      ["empty.txt", "text/plain", ""],
    );
    expect(await files.read(uploads)).toEqual([
      { kind: "text", text: "# Notes", isCut: false },
      { kind: "image", dataUri: `data:image/png;base64,${btoa(`${PNG}rest`)}` },
      { kind: "unread", why: "type" },
      { kind: "text", text: "package main", isCut: false },
      { kind: "text", text: "", isCut: false },
    ]);
  });

  it("are none of a message that has none, and nobody is asked", async () => {
    const before = (await downloads()).length;
    expect(await files.read([])).toEqual([]);
    expect((await downloads()).length).toBe(before);
  });

  it("are unread when their bytes are not what they say", async () => {
    const uploads = await attached(
      ["page.png", "image/png", "<html>"],
      ["nul.txt", "text/plain", "a\0b"],
      ["latin.csv", "application/octet-stream", "na\xefve"],
    );
    expect((await files.read(uploads)).map(whyOf)).toEqual(["type", "type", "type"]);
  });

  it("bear the type that an image's bytes tell", async () => {
    const uploads = await attached(["photo.jpg", "image/jpeg", `${PNG}!`]);
    expect(await files.read(uploads)).toEqual([
      { kind: "image", dataUri: expect.stringMatching(/^data:image\/png;/) },
    ]);
  });

  it("are cut at a character when a text is long", async () => {
    const long = `${"x".repeat(TEXT_FILE_MAX_BYTES - 1)}\xc3\xa4 and more`;
    const exact = "y".repeat(TEXT_FILE_MAX_BYTES);
    const uploads = await attached(["long.txt", "text/plain", long], ["exact.txt", "text/plain", exact]);
    expect(await files.read(uploads)).toEqual([
      { kind: "text", text: "x".repeat(TEXT_FILE_MAX_BYTES - 1), isCut: true },
      { kind: "text", text: exact, isCut: false },
    ]);
  });

  it("are so many images and texts, and the others are counted out without a look", async () => {
    const [image, text] = await attached(["a.png", "image/png", PNG], ["a.txt", "text/plain", "a"]);
    const before = (await downloads()).length;
    const images = claimed(image, Array(IMAGES_MAX + 1).fill(PNG.length));
    const texts = claimed(text, Array(TEXT_FILES_MAX + 1).fill(1));
    const read = (await files.read([...images, ...texts])).map(whyOf);
    expect(read).toEqual([
      ...Array(IMAGES_MAX).fill("image"),
      "count",
      ...Array(TEXT_FILES_MAX).fill("text"),
      "count",
    ]);
    expect((await downloads()).length - before).toBe(IMAGES_MAX + TEXT_FILES_MAX);
  });

  it("are images up to a size, each and together", async () => {
    const [image] = await attached(["a.png", "image/png", PNG]);
    const rest = IMAGES_TOTAL_MAX_BYTES - IMAGE_MAX_BYTES;
    const sizes = [IMAGE_MAX_BYTES + 1, IMAGE_MAX_BYTES, rest + 1, rest];
    expect((await files.read(claimed(image, sizes))).map(whyOf)).toEqual(["size", "image", "size", "image"]);
  });

  it("are unread when an image is larger than it says", async () => {
    const [image] = await attached(["a.png", "image/png", PNG]);
    expect((await files.read(claimed(image, [4]))).map(whyOf)).toEqual(["size"]);
  });

  it("come through at the largest size", async () => {
    const uploads = await attached(["big.png", "image/png", PNG.padEnd(IMAGE_MAX_BYTES, "\0")]);
    const [read] = await files.read(uploads);
    if (read?.kind !== "image") throw new Error("was not read");
    expect(read.dataUri.length).toBe("data:image/png;base64,".length + Math.ceil(IMAGE_MAX_BYTES / 3) * 4);
  });

  it.each([
    [403, "sql: no rows in result set"],
    [404, "upload is not visible"],
  ])("are gone one by one, as a %d tells", async (status, error) => {
    const uploads = await attached(["a.txt", "text/plain", "a"], ["b.txt", "text/plain", "b"]);
    await clickclack.fault("GET", `/${uploads[0]?.id}$`, { kind: "status", status, body: { error } });
    expect((await files.read(uploads)).map(whyOf)).toEqual(["gone", "text"]);
  });

  it("are gone when ClickClack has hidden them", async () => {
    const uploads = await attached(["a.txt", "text/plain", "a"]);
    const unknown = uploads.map((upload) => ({ ...upload, id: "upl_01m81fgk3he1kgwgmax38sphh5" }));
    expect((await files.read(unknown)).map(whyOf)).toEqual(["gone"]);
  });

  it.each([
    [
      { kind: "status", status: 503 },
      { failure: "unavailable", status: 503, retryable: true },
    ],
    [{ kind: "drop" }, { failure: "unavailable", status: 0, retryable: true }],
    [
      { kind: "status", status: 429, headers: { "retry-after": "7" } },
      { failure: "throttled", retryAfterMs: 7_000, retryable: true },
    ],
    [
      { kind: "status", status: 404, body: "not found" },
      { failure: "unavailable", retryable: true },
    ],
    [
      { kind: "html", status: 200 },
      { failure: "not_clickclack", mendable: true },
    ],
    [
      { kind: "status", status: 401, body: { error: "authentication required" } },
      { failure: "unauthorized", mendable: true },
    ],
  ])("are all unread when ClickClack could not be asked for one: %j", async (fault, error) => {
    const uploads = await attached(["a.txt", "text/plain", "a"], ["b.txt", "text/plain", "b"]);
    await clickclack.fault("GET", `/${uploads[1]?.id}$`, fault);
    await expect(files.read(uploads)).rejects.toMatchObject({ name: "ClickClackError", ...error });
  });
});

describe("the call", () => {
  it("says so when the account has no token", async () => {
    const entrypoint = (exports as unknown as { Files: Service<Files> }).Files;
    const uploads = await attached(["a.txt", "text/plain", "a"]);
    for (const account of ["unconfigured", "nobody"])
      await expect(new AccountFiles(entrypoint, account).read(uploads)).rejects.toMatchObject({
        failure: "unauthorized",
      });
  });

  it.each([
    ["breaks", () => Promise.reject(new Error("the Worker was updated")), "the Worker was updated"],
    ["never ends", () => new Promise(() => {}), "the call was lost"],
  ])("is a failure of ClickClack's when it %s", async (_how, read, detail) => {
    vi.useFakeTimers();
    const upload = { id: "upl_1", filename: "a", content_type: "", byte_size: 1 };
    const call = new AccountFiles({ read } as unknown as Service<Files>, "files").read([upload]);
    const failure = expect(call).rejects.toMatchObject({ name: "ClickClackError", retryable: true, detail });
    await vi.advanceTimersByTimeAsync(FILES_READ_LOST_AFTER_MS);
    await failure;
  });
});
