import { describe, expect, it } from "vitest";
import { toBase64 } from "../../../src/domain/base64.ts";
import { fileKindOf, imageTypeOf, textOf } from "../../../src/domain/file-type.ts";
import { seeded } from "../random.ts";

const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const utf8 = (text: string) => new TextEncoder().encode(text);

describe("a file is, by what it says of itself,", () => {
  it.each([
    ["image/png", "a.png", "image"],
    ["image/jpg", "a.jpg", "image"],
    ["IMAGE/PNG; x=1", "a", "image"],
    ["image/tiff", "a.tiff", undefined],
    ["image/avif", "a.avif", undefined],
    ["image/svg+xml", "a.svg", "text"],
    ["text/plain; charset=utf-8", "a", "text"],
    ["text/x-anything", "a", "text"],
    ["application/json", "a", "text"],
    ["application/ld+json", "a", "text"],
    ["application/yaml", "a", "text"],
    ["application/octet-stream", "a.ts", "perhaps_text"],
    ["application/octet-stream", "NOTES.MD", "perhaps_text"],
    ["", "Makefile", "perhaps_text"],
    ["application/octet-stream", "not-a-makefile", undefined],
    ["application/octet-stream", "a.exe", undefined],
    ["application/octet-stream", "a.png", undefined],
    ["application/pdf", "a.txt", undefined],
    ["video/mp4", "a.mp4", undefined],
    ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", "a.docx", undefined],
  ])("as %s named %s: %s", (type, name, kind) => {
    expect(fileKindOf(type, name)).toBe(kind);
  });
});

describe("an image's first bytes tell that it is", () => {
  it.each([
    ["\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"],
    ["\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"],
    ["GIF87a\x01", "image/gif"],
    ["GIF89a\x01", "image/gif"],
    ["RIFF\x24\0\0\0WEBPVP8 ", "image/webp"],
    ["\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic"],
    ["\0\0\0\x18ftypheix\0\0\0\0mif1", "image/heic"],
    ["\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "image/heif"],
    ["\0\0\0\x18ftypmif1\0\0\0\0mif1avif", undefined],
    ["\0\0\0\x18ftypavif\0\0\0\0mif1", undefined],
    ["\0\0\0\x18ftyphevc\0\0\0\0", undefined],
    ["\0\0\0\x18ftypisom\0\0\0\0", undefined],
    ["RIFF\x24\0\0\0WAVEfmt ", undefined],
    ["\x89PNG\n\x1a\n", undefined],
    ["<!doctype html>", undefined],
    ["BM", undefined],
    ["", undefined],
  ])("%j is %s", (bytes, type) => {
    expect(imageTypeOf(bytesOf(bytes))).toBe(type);
  });
});

describe("a text", () => {
  it("is cut at a character, wherever the cut goes through", () => {
    const bytes = utf8("aä€😀");
    const cuts = Array.from({ length: bytes.length }, (_, at) => textOf(bytes.subarray(0, at), true, false));
    expect(cuts).toEqual(["", "a", "a", "aä", "aä", "aä", "aä€", "aä€", "aä€", "aä€"]);
  });

  it("that ends in the middle of a character without a cut is none, unless it says that it is one", () => {
    const broken = utf8("aä").subarray(0, 2);
    expect(textOf(broken, false, false)).toBeUndefined();
    expect(textOf(broken, false, true)).toBe("a\ufffd");
  });

  it("of another encoding is read as far as it can be, if it says that it is text", () => {
    const latin = bytesOf("na\xefve");
    expect(textOf(latin, false, true)).toBe("na\ufffdve");
    expect(textOf(latin, false, false)).toBeUndefined();
  });

  it("has no NUL, whatever it says", () => {
    expect(textOf(utf8("a\0b"), false, true)).toBeUndefined();
    expect(textOf(utf8("a\0b"), false, false)).toBeUndefined();
  });

  it("may be empty, and loses its byte order mark", () => {
    expect(textOf(utf8(""), false, false)).toBe("");
    expect(textOf(utf8("\ufeffa"), false, false)).toBe("a");
  });
});

it("base64 of any bytes, in one piece or several, is what they were", () => {
  const random = seeded(7);
  for (const length of [0, 1, 2, 3, 24_575, 24_576, 24_577, 50_000]) {
    const bytes = Uint8Array.from({ length }, () => Math.floor(random() * 256));
    expect(bytesOf(atob(toBase64(bytes)))).toEqual(bytes);
  }
});
