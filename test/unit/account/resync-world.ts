import type { AccountContext } from "../../../src/account/context.ts";
import type { Identity } from "../../../src/account/facts.ts";
import { Intake } from "../../../src/account/intake.ts";
import type { Work } from "../../../src/account/journal.ts";
import { ClickClackError } from "../../../src/clickclack/errors.ts";
import { Message } from "../../../src/clickclack/wire.ts";

export const IDENTITY = { workspaceId: "wsp_1", botUserId: "usr_bot" } as Identity;

/**
 * The message with a number below 100, and the cursor of its event, which is a little later. Numbers are a quarter of an
 * hour apart, so that no overlap reaches from one to another.
 */
export const messageOf = (n: number) => `msg_01m8${digits(n)}0000aaaaaaaaaaaaaaaa`;
export const cursorOf = (n: number) => `cur_01m8${digits(n)}0000zzzzzzzzzzzzzzzz`;
const digits = (n: number) => String(n).padStart(2, "0");

/** One channel of a ClickClack and an account's own side of it, in memory. */
export class ResyncWorld {
  /** What was said, by number, and is still in the lists. */
  said: number[] = [];
  /** Of it, what the event log still has. */
  log: number[] = [];
  /** Events of one page. */
  pageSize = 100;
  /** What pages have in place of events. */
  garbage: unknown[] | undefined;
  /** Run before each page of events is read, with how many were read before. */
  beforePage: (pages: number) => void = () => undefined;
  /** Fails the reading of the lists of conversations. */
  listsFail = false;
  /** Fails the reading of the channel. */
  channelFails = false;
  /** Whether the tail's own event is left out of every page. */
  hidesTail = false;

  /** Numbers of the messages as they were taken in. */
  readonly taken: number[] = [];
  /** What was read of ClickClack. */
  readonly asked: string[] = [];
  readonly facts = new Map<string, unknown>();
  readonly logged: object[] = [];
  readonly context: AccountContext;
  readonly intake: Intake;
  #pages = 0;

  constructor() {
    const journal = {
      record: ({ messageId }: Work) => this.#record(messageId),
      noteAgain: () => {},
      has: () => false,
    };
    this.context = {
      journal,
      outbox: { has: () => false },
      client: this.#client(),
      facts: {
        get: (key: string) => this.facts.get(key),
        set: (key: string, value: unknown) => this.facts.set(key, value),
        remove: (key: string) => this.facts.delete(key),
      },
      transaction: (writes: () => void) => writes(),
      now: () => 7,
      log: (event: object) => this.logged.push(event),
    } as unknown as AccountContext;
    this.intake = new Intake(this.context, {
      heard: () => {},
      message: () => {},
      updated: () => {},
      deleted: () => {},
    });
  }

  /** Something is said, and its event written. */
  say(...numbers: number[]): void {
    this.said.push(...numbers);
    this.log.push(...numbers);
  }

  get tail(): string {
    const last = this.log.at(-1);
    return last === undefined ? "" : cursorOf(last);
  }

  #record(messageId: string): boolean {
    const number = Number(messageId.slice(8, 10));
    if (this.taken.includes(number)) return false;
    this.taken.push(number);
    return true;
  }

  #client() {
    return {
      tail: async () => this.tail,
      events: async (_workspaceId: string, after: string) => {
        this.asked.push("events");
        this.beforePage(this.#pages++);
        const { tail } = this;
        if (this.garbage !== undefined) return { events: this.garbage, tail };
        const shown = this.log.filter((n) => cursorOf(n) > after && !this.#isHidden(n));
        return { events: shown.slice(0, this.pageSize).map(eventOf), tail };
      },
      holdsEvent: async (_workspaceId: string, cursor: string) =>
        this.log.some((n) => cursorOf(n) === cursor && !this.#isHidden(n)),
      directConversations: async () => [],
      channels: async () => {
        this.asked.push("lists");
        if (this.listsFail) throw new ClickClackError("test", "unavailable", 503, "down");
        return [{ id: "chn_1", name: "general" }];
      },
      rootPage: async () => {
        if (this.channelFails) throw new ClickClackError("test", "unavailable", 500, "broken");
        return { messages: this.said.map(listed), hasOlder: false };
      },
      thread: () => Promise.reject(new Error("nobody replied")),
    };
  }

  #isHidden(n: number): boolean {
    return this.hidesTail && n === this.log.at(-1);
  }
}

function eventOf(n: number) {
  const payload = { message_id: messageOf(n), author_id: "usr_ada" };
  return { cursor: cursorOf(n), type: "message.created", channel_id: "chn_1", payload };
}

function listed(n: number): Message {
  return Message.parse({
    id: messageOf(n),
    author_id: "usr_ada",
    channel_id: "chn_1",
    thread_root_id: messageOf(n),
    channel_seq: n,
    body: "x",
    created_at: "2026-11-22T11:15:56Z",
  });
}
