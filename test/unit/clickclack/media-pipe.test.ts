import { afterEach, describe, expect, it, vi } from "vitest";
import { MediaPipe } from "../../../src/clickclack/media-pipe.ts";
import { frameOf } from "../../../src/clickclack/multipart.ts";
import { MEDIA_WAIT_MAX_MS } from "../../../src/limits-media.ts";

const FRAME = frameOf("a.txt", "text/plain");
const utf8 = (text: string) => new TextEncoder().encode(text);

afterEach(() => vi.useRealTimers());

/** A file that comes in these pieces, and then ends, breaks off or lets wait. */
function source(pieces: string[], end: "ends" | "breaks" | "waits", bytes?: number) {
  const left = [...pieces];
  const pull = vi.fn((controller: ReadableStreamDefaultController<Uint8Array>) => {
    const piece = left.shift();
    if (piece !== undefined) controller.enqueue(utf8(piece));
    else if (end === "ends") controller.close();
    else if (end === "breaks") controller.error(new Error("reset"));
    else return new Promise<void>(() => {});
    return undefined;
  });
  const body = new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 });
  return { contentType: "text/plain", body, close: vi.fn(), pull, ...(bytes !== undefined && { bytes }) };
}

const bodyOf = (pipe: MediaPipe) => new Response(pipe.body).text();
const framed = (text: string) =>
  new TextDecoder().decode(FRAME.head) + text + new TextDecoder().decode(FRAME.tail);

describe("a file goes into its upload", () => {
  it.each([undefined, 11])("whole, framed, with its length known or not: %s", async (bytes) => {
    const pipe = new MediaPipe(source(["hello", " ", "world"], "ends", bytes), FRAME, 11);
    expect(await bodyOf(pipe)).toBe(framed("hello world"));
    expect([pipe.fault, pipe.signal.aborted]).toEqual([undefined, false]);
  });

  it("when it is empty", async () => {
    expect(await bodyOf(new MediaPipe(source([], "ends", 0), FRAME, 11))).toBe(framed(""));
  });
});

describe("a file is at fault that", () => {
  it.each([
    ["is too large", source(["hello", " world!"], "ends"), "media_too_large", true],
    ["breaks off", source(["hello"], "breaks"), "media_unavailable", false],
    ["breaks off with its length known", source(["hello"], "breaks", 11), "media_unavailable", false],
    ["ends too early", source(["hello"], "ends", 11), "media_unavailable", false],
    ["goes on for too long", source(["hello world"], "ends", 5), "media_unavailable", false],
  ])("%s, and the upload breaks off", async (_what, given, code, isFinal) => {
    const pipe = new MediaPipe(given, FRAME, 11);
    const read = bodyOf(pipe).catch(() => {});
    await vi.waitFor(() => expect(pipe.signal.aborted).toBe(true));
    pipe.close();
    await read;
    expect(pipe.fault?.problem).toMatchObject({ code, isFinal });
  });

  it("was waited for too long, and not one that was waited for a little", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const given = source(["hello"], "waits");
    const pipe = new MediaPipe(given, FRAME, 11);
    const reader = pipe.body.getReader();
    for (let read = 0; read < 2; read++) await reader.read();
    await vi.waitFor(() => expect(given.pull).toHaveBeenCalledTimes(2));
    vi.setSystemTime(Date.now() + MEDIA_WAIT_MAX_MS / 2);
    expect(pipe.fault).toBeUndefined();
    vi.setSystemTime(Date.now() + MEDIA_WAIT_MAX_MS / 2);
    expect(pipe.fault?.problem).toMatchObject({ code: "media_unavailable", isFinal: false });
    pipe.close();
  });
});

it("a pipe lets go of the file's server once it is closed", () => {
  const given = source(["hello"], "waits");
  new MediaPipe(given, FRAME, 11).close();
  expect(given.close).toHaveBeenCalledOnce();
});

it("a frame is a form with one file for whoever reads forms, whatever its name", async () => {
  for (const name of ["a.txt", 'say "hi".txt', "Über 表.txt"]) {
    const { contentType, head, tail } = frameOf(name, "text/x-test");
    const form = await new Response(new Blob([head, utf8("hello\r\n--"), tail]), {
      headers: { "content-type": contentType },
    }).formData();
    const file = form.get("file") as unknown as File;
    expect([file.type, await file.text()]).toEqual(["text/x-test", "hello\r\n--"]);
    expect(decodeURIComponent(file.name)).toBe(name);
  }
});
