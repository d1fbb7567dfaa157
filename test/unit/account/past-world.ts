import { Message } from "../../../src/clickclack/wire.ts";

/** A message of a channel, its number its second. */
export function said(n: number): Message {
  return Message.parse({
    id: `msg_${n}`,
    channel_id: "chn_1",
    author_id: "usr_ada",
    thread_root_id: `msg_${n}`,
    channel_seq: n,
    body: `said ${n}`,
    created_at: timeOf(n),
  });
}

export const texts = (messages: Message[]) => messages.map(({ body }) => body);

/** What single messages are other than usual, by number. */
type Alterations = Record<number, Partial<Message>>;

/** A ClickClack with one channel, numbered from 1. */
export class Channel {
  /** What was asked of it. */
  readonly asked: { before: number | undefined; limit: number }[] = [];
  #all: Message[];

  constructor(length: number) {
    this.#all = Array.from({ length }, (_, index) => said(index + 1));
  }

  alter(alterations: Alterations): void {
    this.#all = altered(this.#all, alterations);
  }

  async rootPage(_place: unknown, before: number | undefined, limit: number) {
    this.asked.push({ before, limit });
    const page = this.#all.filter(({ channel_seq = 0 }) => before === undefined || channel_seq < before);
    return { messages: page.slice(-limit), hasOlder: page.length > limit };
  }
}

/** A ClickClack with one thread, its replies numbered from 1. */
export class Thread {
  /** How many replies were asked for. */
  readonly asked: number[] = [];
  #root: Message = { ...said(0), id: "msg_root", thread_root_id: "msg_root", body: "the root" };
  #replies: Message[];

  constructor(length: number) {
    this.#replies = Array.from({ length }, (_, index) => this.reply(index + 1));
  }

  reply(n: number): Message {
    const { channel_seq: _, ...message } = said(n);
    const placed = { parent_message_id: "msg_root", thread_root_id: "msg_root", thread_seq: n };
    return { ...message, ...placed, id: `msg_r${n}`, body: `reply ${n}` };
  }

  /** @param alterations `0` is the root */
  alter({ 0: root, ...replies }: Alterations): void {
    this.#root = { ...this.#root, ...root };
    this.#replies = altered(this.#replies, replies);
  }

  async thread(_rootId: string, limit: number) {
    this.asked.push(limit);
    return { root: this.#root, replies: this.#replies.slice(-limit) };
  }
}

function altered(all: Message[], alterations: Alterations): Message[] {
  return all.map((message, index) => ({ ...message, ...alterations[index + 1] }));
}

function timeOf(n: number): string {
  return `2026-11-24T10:00:${String(n).padStart(2, "0")}.5Z`;
}
