import { beforeEach, describe, expect, test } from "vitest";
import { AccountFiles } from "../../../src/account/files.ts";
import type { ReadOutcome } from "../../../src/clickclack/read-files.ts";
import type { Upload } from "../../../src/clickclack/wire.ts";
import { IMAGES_TOTAL_MAX_BYTES } from "../../../src/limits.ts";

/** Reads that were begun, by the names of the files, and how each ends. */
let reads: { names: string; answer: (outcome: ReadOutcome) => void }[];
let files: AccountFiles;

beforeEach(() => {
  reads = [];
  const read = (_account: string, uploads: readonly Upload[]) => {
    const { promise, resolve } = Promise.withResolvers<ReadOutcome>();
    const contents = uploads.map(() => ({ kind: "unread" as const, why: "type" as const }));
    reads.push({ names: uploads.map(({ filename }) => filename).join(), answer: resolve });
    if (!uploads.some(({ filename }) => filename.includes("slow")))
      resolve({ kind: "read", files: contents });
    return promise;
  };
  files = new AccountFiles({ read, upload: () => Promise.reject() } as never, "main");
});

const file = (filename: string, byte_size: number, content_type = "image/png"): Upload =>
  ({ id: filename, filename, content_type, byte_size }) as Upload;
const begun = () => reads.map(({ names }) => names);
const passes = () => new Promise((resolve) => setTimeout(resolve));

/** A question that is put to a gateway, which takes it and answers when it is told to. */
function question(...uploads: Upload[]) {
  const taken = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<string>();
  const outcome = files.lend(uploads, undefined, (lent, handedOver) => {
    void taken.promise.then(handedOver);
    return answered.promise.then((answer) => `${answer} about ${lent.map(({ upload }) => upload.id)}`);
  });
  return { outcome, taken, answered };
}

describe("the images of questions", () => {
  const most = IMAGES_TOTAL_MAX_BYTES;

  test("are read while there is memory for them, in order", async () => {
    const first = question(file("a", most / 2));
    question(file("b", most / 2));
    question(file("c", most / 2 + 1));
    question(file("d", 1));
    await passes();
    expect(begun()).toEqual(["a", "b"]);
    first.taken.resolve();
    await passes();
    expect(begun()).toEqual(["a", "b"]);
  });

  test("make room as soon as the gateway has them, long before there is an answer", async () => {
    const first = question(file("a", most));
    const second = question(file("b", most));
    await passes();
    expect(begun()).toEqual(["a"]);
    first.taken.resolve();
    await passes();
    expect(begun()).toEqual(["a", "b"]);
    second.answered.resolve("yes");
    expect(await second.outcome).toBe("yes about b");
    // Room that was given back is not given back once more.
    first.answered.resolve("no");
    expect(await first.outcome).toBe("no about a");
    question(file("c", most));
    question(file("d", 1));
    await passes();
    expect(begun()).toEqual(["a", "b", "c"]);
  });

  test("make room when they cannot be read, and when they cannot be asked about", async () => {
    const unread = question(file("slow", most));
    const unasked = question(file("b", most));
    question(file("c", most));
    await passes();
    expect(begun()).toEqual(["slow"]);
    reads[0]?.answer({
      kind: "failed",
      error: { operation: "download", failure: "unavailable", status: 0, detail: "down" },
    });
    await expect(unread.outcome).rejects.toThrow("down");
    await passes();
    expect(begun()).toEqual(["slow", "b"]);
    unasked.answered.reject(new Error("lost"));
    await expect(unasked.outcome).rejects.toThrow("lost");
    await passes();
    expect(begun()).toEqual(["slow", "b", "c"]);
  });

  test("that are more than is ever read wait for all of the room, and no longer", async () => {
    question(file("a", 1));
    const second = question(file("b", most), file("c", most));
    await passes();
    expect(begun()).toEqual(["a"]);
    question(file("notes.txt", most, "text/plain"), file("film.mp4", most, "video/mp4"));
    question();
    await passes();
    expect(begun()).toEqual(["a", "notes.txt,film.mp4"]);
    second.taken.resolve();
  });
});
