import { toBase64 } from "../domain/base64.ts";
import { type FileKind, fileKindOf, imageTypeOf, textOf } from "../domain/file-type.ts";
import {
  FILES_READ_TIMEOUT_MS,
  IMAGE_MAX_BYTES,
  IMAGES_MAX,
  IMAGES_TOTAL_MAX_BYTES,
  TEXT_FILE_MAX_BYTES,
  TEXT_FILES_MAX,
} from "../limits.ts";
import { errorText } from "../observe/redact.ts";
import { Deadline } from "../remote/deadline.ts";
import type { Remote } from "../remote/headers.ts";
import { download } from "./download.ts";
import { ClickClackError, type ErrorFacts, factsOf } from "./errors.ts";
import type { Upload } from "./wire.ts";

/** What of a file an agent can be given, as plain data. */
export type FileContent =
  /** `data:<type>;base64,…`, of a type that OpenClaw takes. */
  | { kind: "image"; dataUri: string }
  /** `isCut`: it is the beginning only. */
  | { kind: "text"; text: string; isCut: boolean }
  /**
   * No type that can be shown, or not of the type that it says; too large; one too many; not there any more, or not for
   * this bot.
   */
  | Unread;

type Unread = { kind: "unread"; why: "type" | "size" | "count" | "gone" };

/** How reading a message's files went. Plain data, because it crosses RPC. */
export type ReadOutcome =
  /** One for each file, in order. */
  { kind: "read"; files: FileContent[] } | { kind: "failed"; error: ErrorFacts };

/**
 * Reads a message's files for an agent: images whole and texts in their beginning, all at once and within bounds.
 *
 * @param uploads as they hang on the message; the first ones have precedence
 * @returns `failed` when ClickClack could not be asked, which concerns all of them; that one file is not there any more
 *   concerns that file
 */
export async function readFiles(remote: Remote, uploads: readonly Upload[]): Promise<ReadOutcome> {
  const deadline = new Deadline(FILES_READ_TIMEOUT_MS);
  try {
    const reads = planned(uploads).map((step) =>
      "why" in step ? step : read(remote, step, deadline.signal),
    );
    return { kind: "read", files: await Promise.all(reads) };
  } catch (error) {
    const found =
      error instanceof ClickClackError
        ? error
        : new ClickClackError("download", "unavailable", 0, deadline.expired ?? errorText(error));
    return { kind: "failed", error: factsOf(found) };
  } finally {
    deadline.end();
    // After a failure, of the others.
    deadline.abort();
  }
}

/** How much of a message's files is images, as they say themselves, bytes. */
export function imageBytesOf(uploads: readonly Upload[]): number {
  return uploads
    .filter(({ content_type, filename }) => fileKindOf(content_type, filename) === "image")
    .reduce((sum, { byte_size }) => sum + byte_size, 0);
}

type Step = { upload: Upload; kind: FileKind };

/** What is to be read, by what the files say of themselves. */
function planned(uploads: readonly Upload[]): (Step | Unread)[] {
  let [images, imageBytes, texts] = [0, 0, 0];
  return uploads.map((upload) => {
    const kind = fileKindOf(upload.content_type, upload.filename);
    if (kind === undefined) return unread("type");
    if (kind !== "image") return ++texts > TEXT_FILES_MAX ? unread("count") : { upload, kind };
    const { byte_size } = upload;
    if (byte_size > IMAGE_MAX_BYTES) return unread("size");
    if (images === IMAGES_MAX) return unread("count");
    if (imageBytes + byte_size > IMAGES_TOTAL_MAX_BYTES) return unread("size");
    images++;
    imageBytes += byte_size;
    return { upload, kind };
  });
}

async function read(remote: Remote, { upload, kind }: Step, signal: AbortSignal): Promise<FileContent> {
  // An image that turned out larger than it says would break the sum of all.
  const maxBytes = kind === "image" ? upload.byte_size : TEXT_FILE_MAX_BYTES;
  try {
    const { bytes, isCut } = await download(remote, upload.id, maxBytes, signal);
    if (kind === "image") return isCut ? unread("size") : imageOf(bytes);
    const text = textOf(bytes, isCut, kind === "text");
    return text === undefined ? unread("type") : { kind: "text", text, isCut };
  } catch (error) {
    if (isGone(error)) return unread("gone");
    throw error;
  }
}

function imageOf(bytes: Uint8Array): FileContent {
  const type = imageTypeOf(bytes);
  return type === undefined
    ? unread("type")
    : { kind: "image", dataUri: `data:${type};base64,${toBase64(bytes)}` };
}

/** ClickClack answers 404 for a file of a message that is hidden or deleted; 403 as for everything that is not there. */
function isGone(error: unknown): boolean {
  return error instanceof ClickClackError && !error.retryable && [403, 404].includes(error.status);
}

function unread(why: Unread["why"]): Unread {
  return { kind: "unread", why };
}
