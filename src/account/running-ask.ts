import type { Message } from "../clickclack/wire.ts";

/** A question that an agent is being asked at this moment. */
export class RunningAsk {
  readonly conversation: string;
  /** Of the event that told of the message. */
  readonly correlationId: string | undefined;
  #message: Message;
  #controller = new AbortController();
  #isStopped = false;

  constructor(conversation: string, message: Message, correlationId: string | undefined) {
    this.conversation = conversation;
    this.correlationId = correlationId;
    this.#message = message;
  }

  /** What is asked about. */
  get message(): Message {
    return this.#message;
  }

  /** Ends the run that is going on. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether nobody wants its answer any more. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  stop(): void {
    this.#isStopped = true;
    this.#controller.abort();
  }

  /** Has it asked again, about the message as it is now. */
  renew(message: Message): void {
    if (this.#isStopped) return;
    this.#message = message;
    const before = this.#controller;
    this.#controller = new AbortController();
    before.abort();
  }
}
