import { ClickClackError, errorOf } from "../clickclack/errors.ts";
import { attachUpload } from "../clickclack/upload.ts";
import type { MediaFile, StoredFile } from "../domain/media.ts";
import { uploadNonce } from "../domain/nonce.ts";
import { SENDS_PENDING_RETRY_AFTER_MS } from "../limits.ts";
import { UPLOADS_WAITING_MAX } from "../limits-media.ts";
import type { AccountContext } from "./context.ts";
import { type Delivery, deliver, failedOnce } from "./delivery.ts";
import type { Postable } from "./outbox.ts";
import type { UploadInline } from "./send-outcome.ts";
import { Unfit, Unsendable } from "./send-problem.ts";

/** The send that files belong to. */
interface Owner {
  id: string;
  nonce: string;
}

/** What cannot be brought any more: its data went with its request. */
const GONE: UploadInline = () => Promise.reject(new Error("the data of a file is not there any more"));

/**
 * Has ClickClack hold all files of a send, one after the other: when one cannot be had, none behind it is uploaded for
 * nothing. What is there under its nonce is not uploaded again.
 *
 * @param inline uploads what came with the request
 * @returns the uploads, in order
 * @throws {Unsendable} when a file cannot be had, or too many wait
 * @throws {ClickClackError}
 */
export async function bringFiles(
  context: AccountContext,
  workspaceId: string,
  owner: Owner,
  files: readonly (MediaFile | StoredFile)[],
  inline: UploadInline = GONE,
): Promise<string[]> {
  const uploads: string[] = [];
  for (const [index, file] of files.entries())
    uploads.push(
      file.kind === "uploaded"
        ? file.uploadId
        : await bring(context, workspaceId, owner, file, index, inline),
    );
  return uploads;
}

/**
 * Has ClickClack hold what is nowhere else, before the caller is told that its send is taken on.
 *
 * @returns the files as they are stored
 * @throws as {@link bringFiles} does
 */
export async function bringInline(
  context: AccountContext,
  workspaceId: string,
  owner: Owner,
  files: readonly MediaFile[],
  inline: UploadInline = GONE,
): Promise<StoredFile[]> {
  const stored: StoredFile[] = [];
  for (const [index, file] of files.entries()) {
    if (file.kind === "url") stored.push(file);
    else
      stored.push({
        kind: "uploaded",
        uploadId: await bring(context, workspaceId, owner, file, index, inline),
      });
  }
  return stored;
}

async function bring(
  context: AccountContext,
  workspaceId: string,
  { id, nonce }: Owner,
  file: MediaFile,
  index: number,
  inline: UploadInline,
): Promise<string> {
  const target = { workspaceId, nonce: uploadNonce(nonce, index) };
  const { files, log } = context;
  const outcome = await files.upload(
    file.kind === "url" ? () => files.fetched(target, file) : () => inline(index, target),
  );
  switch (outcome?.kind) {
    case undefined:
      throw new Unsendable(
        "too_many_pending",
        `${UPLOADS_WAITING_MAX} files of this account wait to be uploaded`,
        {
          isFinal: false,
          retryAfterMs: SENDS_PENDING_RETRY_AFTER_MS,
        },
      );
    case "uploaded":
      if (outcome.isNew) log({ event: "send:uploaded", send: id, upload: outcome.uploadId });
      return outcome.uploadId;
    case "unfit":
      throw new Unfit(outcome.problem, index);
    case "failed":
      // What ClickClack does not find for an upload is the workspace, and not the target.
      throw errorOf({
        ...outcome.error,
        failure: outcome.error.failure === "not_found" ? "wrong_workspace" : outcome.error.failure,
      });
  }
}

/**
 * Delivers a send with its files: the message first, since files hang on one. It is sent once all of them hang there; a
 * repeat finds the message by its nonce and hangs on it what is missing.
 *
 * @param uploads of {@link bringFiles}
 */
export async function deliverWithFiles(
  context: AccountContext,
  workspaceId: string,
  item: Postable,
  uploads: readonly string[],
): Promise<Delivery> {
  const delivery = await deliver(context, workspaceId, item);
  if (delivery.kind !== "sent") return delivery;
  try {
    for (const upload of uploads) await attachUpload(context.client.remote, delivery.messageId, upload);
    return delivery;
  } catch (error) {
    if (!(error instanceof ClickClackError)) throw error;
    return error.retryable ? failedOnce(context, item, error) : { kind: "refused", error: unattached(error) };
  }
}

/** What is not found here is not the target. */
function unattached({ operation, failure, status, detail, scope }: ClickClackError): ClickClackError {
  return new ClickClackError(
    operation,
    failure === "not_found" ? "forbidden" : failure,
    status,
    `the message was posted, but a file could not be hung on it: ${detail}`,
    scope === undefined ? {} : { scope },
  );
}
