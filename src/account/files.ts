import { ClickClackError, errorOf } from "../clickclack/errors.ts";
import type { Files } from "../clickclack/files.ts";
import { imageBytesOf, type ReadOutcome } from "../clickclack/read-files.ts";
import type { UploadOutcome, UploadTarget } from "../clickclack/upload.ts";
import type { Upload } from "../clickclack/wire.ts";
import type { UrlFile } from "../domain/media.ts";
import { FILES_READ_LOST_AFTER_MS, IMAGES_TOTAL_MAX_BYTES } from "../limits.ts";
import { UPLOAD_LOST_AFTER_MS, UPLOADS_AT_ONCE_MAX, UPLOADS_WAITING_MAX } from "../limits-media.ts";
import { errorText } from "../observe/redact.ts";
import { Budget } from "./budget.ts";
import { Gate } from "./gate.ts";
import type { AttachedFile } from "./question-files.ts";
import { unlessLost } from "./unless-lost.ts";

type Entrypoint = Pick<Service<Files>, "read" | "upload">;

/**
 * Files on their way from and to ClickClack as an account sees them, behind the stateless entrypoint. That keeps the
 * deadlines of each call; should it be lost itself, the wait for it ends here as well.
 */
export class AccountFiles {
  readonly #entrypoint: Entrypoint;
  readonly #accountId: string;
  readonly #images = new Budget(IMAGES_TOTAL_MAX_BYTES);
  readonly #uploads = new Gate(UPLOADS_AT_ONCE_MAX, UPLOADS_WAITING_MAX);

  constructor(entrypoint: Entrypoint, accountId: string) {
    this.#entrypoint = entrypoint;
    this.#accountId = accountId;
  }

  /**
   * Reads a message's files for its question, when there is memory for its images: an isolate has 128 MB for all that it
   * does, and each image is there several times over while it goes from ClickClack to the gateway.
   *
   * @param uploads as they hang on the message
   * @param correlationId of the event that told of it
   * @param ask puts the question. It is no async function, which would keep the images until there is an answer, and calls
   *   `handedOver` as soon as somebody else has them
   * @throws {ClickClackError} when ClickClack could not be asked
   */
  async lend<Outcome>(
    uploads: readonly Upload[],
    correlationId: string | undefined,
    ask: (files: AttachedFile[], handedOver: () => void) => Promise<Outcome>,
  ): Promise<Outcome> {
    const handedOver = await this.#images.take(imageBytesOf(uploads));
    return this.#read(uploads, correlationId)
      .then((files) => ask(files, handedOver))
      .finally(handedOver);
  }

  async #read(uploads: readonly Upload[], correlationId: string | undefined): Promise<AttachedFile[]> {
    if (uploads.length === 0) return [];
    const call = this.#entrypoint.read(this.#accountId, uploads, correlationId);
    const outcome = await answered<ReadOutcome>("download", call, FILES_READ_LOST_AFTER_MS);
    if (outcome.kind === "failed") throw errorOf(outcome.error);
    return outcome.files.flatMap((content, index) => {
      const upload = uploads[index];
      return upload === undefined ? [] : [{ upload, content }];
    });
  }

  /**
   * Makes an upload when its turn has come.
   *
   * @param make by {@link AccountFiles.fetched}, or by whoever holds the data
   * @returns undefined when too many wait already
   * @throws {ClickClackError} when whoever makes it was lost
   */
  upload(make: () => PromiseLike<UploadOutcome>): Promise<UploadOutcome | undefined> {
    return this.#uploads.pass(() => answered("upload", make(), UPLOAD_LOST_AFTER_MS));
  }

  /** Uploads a file from where it is, unless ClickClack has it. */
  fetched(target: UploadTarget, file: UrlFile): PromiseLike<UploadOutcome> {
    return this.#entrypoint.upload(this.#accountId, target, file);
  }
}

/**
 * @param operation names the call in the error
 * @throws {ClickClackError} `unavailable` when it was lost
 */
async function answered<Outcome>(
  operation: string,
  call: PromiseLike<Outcome>,
  lostAfterMs: number,
): Promise<Outcome> {
  try {
    return await unlessLost(call, lostAfterMs);
  } catch (error) {
    throw new ClickClackError(operation, "unavailable", 0, errorText(error));
  }
}
