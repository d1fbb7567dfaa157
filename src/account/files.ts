import { ClickClackError, errorOf } from "../clickclack/errors.ts";
import type { Files } from "../clickclack/files.ts";
import type { FileContent, ReadOutcome } from "../clickclack/read-files.ts";
import type { UploadOutcome, UploadTarget } from "../clickclack/upload.ts";
import type { Upload } from "../clickclack/wire.ts";
import type { UrlFile } from "../domain/media.ts";
import { FILES_READ_LOST_AFTER_MS } from "../limits.ts";
import { UPLOAD_LOST_AFTER_MS, UPLOADS_AT_ONCE_MAX, UPLOADS_WAITING_MAX } from "../limits-media.ts";
import { errorText } from "../observe/redact.ts";
import { Gate } from "./gate.ts";
import { unlessLost } from "./unless-lost.ts";

type Entrypoint = Pick<Service<Files>, "read" | "upload">;

/**
 * Files on their way from and to ClickClack as an account sees them, behind the stateless entrypoint. That keeps the
 * deadlines of each call; should it be lost itself, the wait for it ends here as well.
 */
export class AccountFiles {
  readonly #entrypoint: Entrypoint;
  readonly #accountId: string;
  readonly #uploads = new Gate(UPLOADS_AT_ONCE_MAX, UPLOADS_WAITING_MAX);

  constructor(entrypoint: Entrypoint, accountId: string) {
    this.#entrypoint = entrypoint;
    this.#accountId = accountId;
  }

  /**
   * Reads a message's files for its question.
   *
   * @param uploads as they hang on the message
   * @param correlationId of the event that told of it
   * @returns one for each, in order
   * @throws {ClickClackError} when ClickClack could not be asked
   */
  async read(uploads: readonly Upload[], correlationId: string | undefined): Promise<FileContent[]> {
    if (uploads.length === 0) return [];
    const call = this.#entrypoint.read(this.#accountId, uploads, correlationId);
    const outcome = await answered<ReadOutcome>("download", call, FILES_READ_LOST_AFTER_MS);
    if (outcome.kind === "failed") throw errorOf(outcome.error);
    return outcome.files;
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
