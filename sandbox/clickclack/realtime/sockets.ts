import type { RealtimeSocket } from "./socket.ts";

/** The WebSockets that are open now. */
export class Sockets {
  readonly #open = new Set<RealtimeSocket>();

  /** Keeps a socket until it ends. */
  add(socket: RealtimeSocket): void {
    this.#open.add(socket);
  }

  /** Forgets a socket. */
  remove(socket: RealtimeSocket): void {
    this.#open.delete(socket);
  }

  /** Returns a user's open sockets, or everybody's. */
  of(userId: string | undefined): RealtimeSocket[] {
    return [...this.#open].filter((socket) => userId === undefined || socket.userId === userId);
  }
}
