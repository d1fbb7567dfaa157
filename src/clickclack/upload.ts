import { imageTypeOf } from "../domain/file-type.ts";
import type { UrlFile } from "../domain/media.ts";
import {
  CLICKCLACK_UPLOAD_MAX_BYTES,
  MULTIPART_FRAMING_MAX_BYTES,
  UPLOAD_TIMEOUT_MS,
  UPLOAD_TRIES_MAX,
} from "../limits-media.ts";
import type { Remote } from "../remote/headers.ts";
import { ClickClackError, type ErrorFacts, factsOf } from "./errors.ts";
import { MediaFault, type MediaProblem } from "./media-fault.ts";
import { MediaPipe } from "./media-pipe.ts";
import { type MediaRules, openMedia } from "./media-source.ts";
import { frameOf } from "./multipart.ts";
import { request } from "./request.ts";
import * as wire from "./wire.ts";

/** Which upload is meant: ClickClack keeps a nonce to its file, per bot and for ever. */
export interface UploadTarget {
  workspaceId: string;
  nonce: string;
}

/** A file that is in memory. */
export interface FileData {
  filename: string;
  /** Where the caller does not say, an image is known by its first bytes. */
  contentType?: string | undefined;
  bytes: Uint8Array;
}

/** How an upload went. Plain data, because it crosses RPC. */
export type UploadOutcome =
  /** `isNew`: it was not there before, and counts against the 64 that a bot may have. */
  | { kind: "uploaded"; uploadId: string; isNew: boolean }
  /** The file cannot be had. */
  | { kind: "unfit"; problem: MediaProblem }
  /** ClickClack could not be asked, or refuses. */
  | { kind: "failed"; error: ErrorFacts };

/** Uploads a file that is at an address, unless it is there. The bytes pass through, none is kept. */
export function uploadFromUrl(
  remote: Remote,
  target: UploadTarget,
  file: UrlFile,
  { trustedHosts, maxBytes }: MediaRules,
): Promise<UploadOutcome> {
  const cap = Math.min(maxBytes, CLICKCLACK_UPLOAD_MAX_BYTES - MULTIPART_FRAMING_MAX_BYTES);
  return uploadOnce(remote, target, async () => {
    const source = await openMedia(file, { trustedHosts, maxBytes: cap });
    const frame = frameOf(file.filename, source.contentType);
    const pipe = new MediaPipe(source, frame, cap);
    try {
      return await post(remote, target, frame.contentType, pipe.body, pipe.signal);
    } catch (error) {
      // Only an upload that failed for want of an answer may have failed because of the file.
      throw isRetryable(error) ? (pipe.fault ?? error) : error;
    } finally {
      pipe.close();
    }
  });
}

/** Uploads a file that is in memory, unless it is there. */
export function uploadData(remote: Remote, target: UploadTarget, file: FileData): Promise<UploadOutcome> {
  const type = file.contentType ?? imageTypeOf(file.bytes) ?? "application/octet-stream";
  return uploadOnce(remote, target, async () => {
    const { contentType, head, tail } = frameOf(file.filename, type);
    const form = new Uint8Array(head.byteLength + file.bytes.byteLength + tail.byteLength);
    form.set(head);
    form.set(file.bytes, head.byteLength);
    form.set(tail, head.byteLength + file.bytes.byteLength);
    return post(remote, target, contentType, form);
  });
}

/**
 * Hangs an uploaded file on a message of the bot's; again does no harm.
 *
 * @throws {ClickClackError}
 */
export async function attachUpload(remote: Remote, messageId: string, uploadId: string): Promise<void> {
  await request(remote, {
    operation: "attach",
    method: "POST",
    path: `/api/messages/${encodeURIComponent(messageId)}/attachments`,
    body: { upload_id: uploadId },
    answer: wire.AnyAnswer,
  });
}

/**
 * Looks for the upload before the file is touched: none can ever be deleted, and each counts. An upload whose answer was lost
 * is settled the same way.
 */
async function uploadOnce(
  remote: Remote,
  target: UploadTarget,
  send: () => Promise<string>,
): Promise<UploadOutcome> {
  for (let tries = 1; ; tries++) {
    try {
      const there = await uploadedBefore(remote, target);
      if (there !== undefined) return { kind: "uploaded", uploadId: there, isNew: tries > 1 };
      return { kind: "uploaded", uploadId: await send(), isNew: true };
    } catch (error) {
      if (error instanceof MediaFault) return { kind: "unfit", problem: error.problem };
      if (!(error instanceof ClickClackError)) throw error;
      const mayPass = error.retryable && error.retryAfterMs === undefined;
      if (!mayPass || tries >= UPLOAD_TRIES_MAX) return { kind: "failed", error: factsOf(error) };
    }
  }
}

/** @returns its id; undefined when there is none, and when the server is too old to say */
async function uploadedBefore(
  remote: Remote,
  { workspaceId, nonce }: UploadTarget,
): Promise<string | undefined> {
  try {
    const { upload } = await request(remote, {
      operation: "upload by-nonce",
      method: "GET",
      path: "/api/uploads/by-nonce",
      query: { workspace_id: workspaceId, nonce },
      answer: wire.UploadAnswer,
    });
    return upload.id;
  } catch (error) {
    if (error instanceof ClickClackError && error.status === 404 && !error.retryable) return undefined;
    throw error;
  }
}

async function post(
  remote: Remote,
  { workspaceId, nonce }: UploadTarget,
  contentType: string,
  body: ReadableStream<Uint8Array> | Uint8Array,
  signal?: AbortSignal,
): Promise<string> {
  const { upload } = await request(remote, {
    operation: "upload",
    method: "POST",
    path: "/api/uploads",
    query: { workspace_id: workspaceId, nonce },
    form: { contentType, body },
    ...(signal !== undefined && { signal }),
    timeoutMs: UPLOAD_TIMEOUT_MS,
    answer: wire.UploadAnswer,
  });
  return upload.id;
}

function isRetryable(error: unknown): boolean {
  return error instanceof ClickClackError && error.retryable;
}
