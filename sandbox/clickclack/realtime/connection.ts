import type { Socket } from "node:net";
import { closeFrame, textFrame } from "./frames.ts";

const WRITE_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 5_000;

/** An open WebSocket, seen from the server: it can be written to and closed. What comes in is thrown away. */
export class Connection {
  readonly #socket: Socket;
  #isOpen = true;

  constructor(socket: Socket, onEnd: () => void) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.on("end", () => socket.destroy());
    socket.on("close", () => {
      this.#isOpen = false;
      onEnd();
    });
    socket.resume();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Writes a text frame and waits until it is out of the process, so that a reader who stalls stalls the writer. After
   * ten seconds the connection is dropped, which is the usual fate of a stalled reader at ClickClack.
   */
  async write(text: string): Promise<void> {
    if (!this.#isOpen) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(() => this.#socket.destroy(), WRITE_TIMEOUT_MS);
    this.#socket.once("close", resolve);
    this.#socket.write(textFrame(text), () => resolve());
    await promise;
    clearTimeout(timer);
    this.#socket.off("close", resolve);
  }

  /** Sends a close frame and ends the connection; whether the other side answers is waited for, but not long. */
  close(code: number, reason: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#socket.end(closeFrame(code, reason));
    setTimeout(() => this.#socket.destroy(), CLOSE_TIMEOUT_MS).unref();
  }

  /** Breaks the connection with a TCP reset, without a close frame. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }
}
