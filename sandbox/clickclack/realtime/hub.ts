import { listUnder } from "../store/store.ts";
import type { EventRow } from "../store/tables.ts";
import type { Mailbox } from "./mailbox.ts";

/** Gives every event of a workspace to every socket of that workspace. Who may see it is the socket's business. */
export class Hub {
  readonly #subscribers = new Map<string, Mailbox[]>();

  /** Lets a mailbox have a workspace's events from now on. */
  subscribe(workspaceId: string, mailbox: Mailbox): void {
    listUnder(this.#subscribers, workspaceId).push(mailbox);
  }

  /** Ends a subscription, if there still is one. */
  unsubscribe(workspaceId: string, mailbox: Mailbox): void {
    const others = listUnder(this.#subscribers, workspaceId).filter((subscriber) => subscriber !== mailbox);
    this.#subscribers.set(workspaceId, others);
  }

  /** Puts an event into every mailbox. One that is full is dropped from the list: it will never hear of this event. */
  publish(event: EventRow): void {
    for (const mailbox of [...listUnder(this.#subscribers, event.workspace_id)]) {
      if (!mailbox.offer(event)) this.unsubscribe(event.workspace_id, mailbox);
    }
  }
}
