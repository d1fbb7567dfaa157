import { ClickClackError, errorOf } from "../clickclack/errors.ts";
import type { Files } from "../clickclack/files.ts";
import type { FileContent, ReadOutcome } from "../clickclack/read-files.ts";
import type { Upload } from "../clickclack/wire.ts";
import { FILES_READ_LOST_AFTER_MS } from "../limits.ts";
import { errorText } from "../observe/redact.ts";

type Entrypoint = Pick<Service<Files>, "read">;

/**
 * Files on their way from and to ClickClack as an account sees them, behind the stateless entrypoint. That keeps the
 * deadlines of each call; should it be lost itself, the wait for it ends here as well.
 */
export class AccountFiles {
  readonly #entrypoint: Entrypoint;
  readonly #accountId: string;

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
    const outcome = await bounded<ReadOutcome>("download", call, FILES_READ_LOST_AFTER_MS);
    if (outcome.kind === "failed") throw errorOf(outcome.error);
    return outcome.files;
  }
}

/**
 * @param operation names the call in the error
 * @param lostAfterMs past this, nobody is there any more to answer
 * @throws {ClickClackError} `unavailable` when it was lost
 */
async function bounded<Outcome>(
  operation: string,
  outcome: PromiseLike<Outcome>,
  lostAfterMs: number,
): Promise<Outcome> {
  const lost = (why: string) => new ClickClackError(operation, "unavailable", 0, why);
  const wait = Promise.withResolvers<never>();
  const timer = setTimeout(() => wait.reject(lost("the call was lost")), lostAfterMs);
  try {
    return await Promise.race([outcome, wait.promise]);
  } catch (error) {
    throw error instanceof ClickClackError ? error : lost(errorText(error));
  } finally {
    clearTimeout(timer);
  }
}
