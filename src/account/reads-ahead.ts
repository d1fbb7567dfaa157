import type { ClickClackClient, Page, RootPlace } from "../clickclack/client.ts";
import type { Event, Message } from "../clickclack/wire.ts";
import { settingsAt } from "../config/admission.ts";
import type { Account } from "../config/types.ts";
import { PAGE_MAX, READ_AHEAD_MAX_AGE_MS, READS_AHEAD_MAX } from "../limits.ts";
import type { Work } from "./journal.ts";

/** Where the history of a message begins. */
interface PageStart {
  place: RootPlace;
  /** The message's own. */
  seq: number;
  /** How many messages it may have. */
  limit: number;
}

interface Begun {
  /** Unix ms. */
  at: number;
  message: Promise<Message> | undefined;
  page?: PageStart & { reading: Promise<Page> };
}

/**
 * What a message that was heard of just now will need, read while it is being written down: a request that follows a write
 * waits until that is on disk, one that goes before it does not. Memory only, each is used once, and all that it can do is
 * spare a wait.
 */
export class ReadsAhead {
  readonly #client: ClickClackClient;
  readonly #account: Account;
  readonly #now: () => number;
  readonly #begun = new Map<string, Begun>();

  constructor(client: ClickClackClient, account: Account, now: () => number) {
    this.#client = client;
    this.#account = account;
    this.#now = now;
  }

  /**
   * Begins to read a message, and what was said before it if it is likely to be asked about.
   *
   * @param event that tells of it
   * @param isBusy whether its conversation has messages that are still to be answered: what is said before it is not
   *   complete then
   */
  begin(work: Work, event: Event, botUserId: string, isBusy: boolean): void {
    const history = isBusy ? undefined : historyOf(this.#account, event, botUserId);
    // Those that nobody has come for belong to a burst, and are too old by the time that it is their turn.
    if (this.#begun.size >= READS_AHEAD_MAX) this.#begun.clear();
    const client = this.#client.correlated(work.correlationId);
    const begun: Begun = { at: this.#now(), message: quietly(client.message(work.messageId)) };
    if (history !== undefined)
      begun.page = {
        ...history,
        reading: quietly(client.rootPage(history.place, history.seq, history.limit)),
      };
    this.#begun.set(work.messageId, begun);
  }

  /** @returns undefined when it has to be read now */
  message(messageId: string): Promise<Message> | undefined {
    const begun = this.#find(messageId);
    const message = begun?.message;
    if (begun?.page === undefined) this.#begun.delete(messageId);
    else begun.message = undefined;
    return message;
  }

  /** What was said before a message. @returns undefined when it has to be read now */
  page({ id, channel_seq }: Message, limit: number): Promise<Page> | undefined {
    const page = this.#find(id)?.page;
    this.#begun.delete(id);
    return page?.seq === channel_seq && page?.limit === limit ? page.reading : undefined;
  }

  /** A message is not any more as it was. */
  forget(messageId: string): void {
    this.#begun.delete(messageId);
  }

  #find(messageId: string): Begun | undefined {
    const begun = this.#begun.get(messageId);
    return begun !== undefined && this.#now() - begun.at < READ_AHEAD_MAX_AGE_MS ? begun : undefined;
  }
}

/**
 * Where the history of a message begins, if an event tells that much, and that the message is likely to be asked about
 * in model mode: agent mode has its sessions.
 */
function historyOf(
  { replyMode, historyLimit, admission }: Account,
  event: Event,
  botUserId: string,
): PageStart | undefined {
  const { type, seq, channel_id: channelId, payload, mentioned_user_ids: mentioned = [] } = event;
  const limit = Math.min(historyLimit, PAGE_MAX);
  if (replyMode !== "model" || limit === 0 || type !== "message.created" || seq === undefined)
    return undefined;
  const dmId = payload?.direct_conversation_id;
  if (typeof dmId === "string") return { place: { kind: "dm", dmId }, seq, limit };
  if (channelId === undefined) return undefined;
  const isMeant = mentioned.includes(botUserId) || !settingsAt(admission, channelId).requireMention.value;
  return isMeant ? { place: { kind: "channel", channelId }, seq, limit } : undefined;
}

/** Whoever comes for it hears of a failure. */
function quietly<Result>(reading: Promise<Result>): Promise<Result> {
  reading.catch(() => undefined);
  return reading;
}
