import { MEDIA_WAIT_MAX_MS } from "../limits-media.ts";
import { MediaFault } from "./media-fault.ts";
import { type MediaSource, tooLarge } from "./media-source.ts";
import type { Frame } from "./multipart.ts";

/** A file on its way from its server into the body of its upload, of which no more than a chunk is in memory. */
export class MediaPipe {
  /** The upload's body. */
  readonly body: ReadableStream<Uint8Array>;
  readonly #broken = new AbortController();
  readonly #source: MediaSource;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #maxBytes: number;
  #fault: MediaFault | undefined;
  /** How long its server was waited for so far, and since when it is, Unix ms. */
  #waitedMs = 0;
  #waitsSince: number | undefined;

  constructor(source: MediaSource, frame: Frame, maxBytes: number) {
    this.#source = source;
    this.#maxBytes = maxBytes;
    // With a length known the upload gets a Content-Length, and ClickClack can refuse it before it comes.
    const { readable, writable } =
      source.bytes === undefined
        ? new IdentityTransformStream()
        : new FixedLengthStream(frame.head.byteLength + source.bytes + frame.tail.byteLength);
    this.body = readable;
    this.#writer = writable.getWriter();
    // Every failure is seen where it comes up; this would report it once more, as one that nobody handles.
    for (const seen of [this.#writer.closed, this.#writer.ready]) void seen.catch(() => {});
    void this.#run(frame);
  }

  /**
   * Ends the upload when the file cannot be had whole. To break the body itself would be logged as an exception that nobody
   * has handled.
   */
  get signal(): AbortSignal {
    return this.#broken.signal;
  }

  /**
   * Why the upload failed, if the file is at fault: it broke off, is too large, or came so slowly that ClickClack would not
   * wait.
   */
  get fault(): MediaFault | undefined {
    const waitedMs = this.#waitedMs + (this.#waitsSince === undefined ? 0 : Date.now() - this.#waitsSince);
    return this.#fault ?? (waitedMs >= MEDIA_WAIT_MAX_MS ? brokenOff("its server was too slow") : undefined);
  }

  /** Ends it, wherever it is: after the upload was answered, nobody reads any more. */
  close(): void {
    this.#source.close();
    void this.#writer.abort().catch(() => {});
  }

  async #run(frame: Frame): Promise<void> {
    try {
      await this.#writer.write(frame.head);
      await this.#copy();
      await this.#writer.write(frame.tail);
      await this.#writer.close();
    } catch (error) {
      // What else is thrown comes from the upload's side, where it is heard of: perhaps there is an answer already.
      if (!(error instanceof MediaFault)) return;
      this.#fault = error;
      this.#broken.abort();
    }
  }

  /** @throws {MediaFault}, and what the upload's side throws */
  async #copy(): Promise<void> {
    const reader = this.#source.body.getReader();
    let bytes = 0;
    for (;;) {
      const { done, value } = await this.#next(reader);
      if (done) break;
      bytes += value.byteLength;
      if (bytes > this.#maxBytes) throw tooLarge(this.#maxBytes);
      await this.#writer.write(value);
    }
    if (this.#source.bytes !== undefined && bytes !== this.#source.bytes) throw brokenOff();
  }

  async #next(reader: ReadableStreamDefaultReader<Uint8Array>) {
    const since = Date.now();
    this.#waitsSince = since;
    try {
      return await reader.read();
    } catch {
      throw brokenOff();
    } finally {
      this.#waitsSince = undefined;
      this.#waitedMs += Date.now() - since;
    }
  }
}

function brokenOff(detail = "its server broke off in the middle"): MediaFault {
  return new MediaFault("media_unavailable", detail, { isFinal: false });
}
