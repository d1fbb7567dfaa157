import { Event, type Message, tellsOfMessage } from "../clickclack/wire.ts";
import { conversationKey, conversationOf } from "../domain/conversation.ts";
import { laterCursor } from "../domain/cursor.ts";
import { parseJson } from "../domain/json.ts";
import { SOCKET_LAG_MAX_MS } from "../limits.ts";
import { type Command, cursorOfCommand } from "./commands.ts";
import type { AccountContext } from "./context.ts";
import type { Arrival, Delivery, Hold, Road, Work } from "./journal.ts";
import { conversationOfMessage } from "./place.ts";

/** Who is told of what came in, once it is journaled. */
export interface IntakeListener {
  /** A message of the socket that no road had brought before and that is about to be journaled. */
  heard(work: Work, event: Event, botUserId: string): void;
  /** A message that no road had brought before. */
  message(work: Work): void;
  /** A message was edited, or a file was attached to it; maybe one that nobody here knows. */
  updated(messageId: string): void;
  /** A message was deleted; maybe not for the first time, and maybe one that nobody here knows. */
  deleted(messageId: string): void;
}

/** What comes with an event that a callback has told of. */
export interface CallbackArrival {
  delivery: Delivery;
  /** Holds a message back: other callbacks may be on their way or lost, so that it is not known what was said before it. */
  hold(): Hold;
}

/** What was taken in by one road since the object started. */
export interface RoadCounts {
  /** Messages that this road brought first. */
  first: number;
  /** Messages that another road had brought before. */
  again: number;
}

/** What a message in a list tells of itself. */
export type Listed = Pick<
  Message,
  | "id"
  | "author_id"
  | "kind"
  | "channel_id"
  | "direct_conversation_id"
  | "parent_message_id"
  | "thread_root_id"
>;

/**
 * The one way in: whatever road brings a message, it goes through here, synchronously, into the journal. The cursor
 * passes an event only once its message is written down or known not to matter.
 */
export class Intake {
  readonly roads: Record<Road, RoadCounts> = {
    realtime: { first: 0, again: 0 },
    callback: { first: 0, again: 0 },
    sweep: { first: 0, again: 0 },
    resync: { first: 0, again: 0 },
    command: { first: 0, again: 0 },
  };
  readonly #context: AccountContext;
  readonly #told: IntakeListener;
  /** Messages that another road brought and the socket has still to bring, or it is deaf; and since when, Unix ms. */
  readonly #owed = new Map<string, number>();
  /** Where the socket started; undefined without one. Everything after it is the socket's to bring. */
  #socketFrom: string | undefined;
  #cursor = "";

  constructor(context: AccountContext, told: IntakeListener) {
    this.#context = context;
    this.#told = told;
  }

  /** Everything up to here has been taken in. */
  get cursor(): string {
    return this.#cursor;
  }

  /** Starts again from a stored cursor, or from a new tail. */
  resetCursor(cursor: string): void {
    this.#cursor = cursor;
  }

  /** Messages that the socket has let pass so far: those on their way since just now may still come. */
  get owed(): number {
    const before = this.#context.now() - SOCKET_LAG_MAX_MS;
    return [...this.#owed.values()].filter((since) => since <= before).length;
  }

  /** @param after the cursor that a new socket starts from; undefined when there is none any more */
  socketFrom(after: string | undefined): void {
    this.#socketFrom = after;
    this.#owed.clear();
  }

  /** Takes in one text frame of the socket. */
  frame(text: string, botUserId: string): void {
    this.event(parseJson(text), "realtime", botUserId);
  }

  /**
   * Takes in one event as it came. One that cannot be read is logged and passed over.
   *
   * @returns its cursor, "" for an ephemeral event and one that cannot be read, and whether it brought a message that no
   *   road had brought before
   */
  event(raw: unknown, road: "realtime" | "sweep", botUserId: string): { cursor: string; isNew: boolean } {
    const parsed = Event.safeParse(raw);
    if (parsed.success) return this.take(parsed.data, road, botUserId);
    const error = parsed.error.issues.map((issue) => issue.path.join(".")).join(", ");
    this.#context.log({ event: "event:unreadable", road, error });
    return { cursor: "", isNew: false };
  }

  /**
   * Takes in one event that was read already; else like {@link Intake.event}.
   *
   * A callback does not move the cursor: what lies before it may not have come, and in direct conversations never will.
   *
   * @param callback of the road `callback`
   */
  take(
    event: Event,
    road: "realtime" | "sweep" | "callback",
    botUserId: string,
    callback?: CallbackArrival,
  ): { cursor: string; isNew: boolean } {
    const { cursor } = event;
    // Ephemeral events (typing, progress, presence) have no cursor and are nobody's message.
    const work = cursor === "" ? undefined : this.#workOf(event, botUserId);
    const direct = event.payload?.direct_conversation_id !== undefined;
    if (work !== undefined && road === "realtime" && !this.#context.journal.has(work.messageId))
      this.#told.heard(work, event, botUserId);
    const isNew = work !== undefined && this.#record(work, { road, direct, delivery: callback?.delivery });
    if (isNew) work.hold = callback?.hold();
    if (road !== "callback") this.#cursor = laterCursor(this.#cursor, cursor);
    if (isNew) this.#told.message(work);
    this.#tellOfChange(event);
    return { cursor, isNew };
  }

  /**
   * Takes in a message of a list, which no event may have told of. The cursor stays where it is: a message's place among
   * the events is no event's, and neither pages nor the socket could go on from it.
   *
   * @param cursor its place among the events
   * @returns whether no road had brought it before
   */
  message(message: Listed, cursor: string, botUserId: string): boolean {
    const work = listedWork(message, cursor, botUserId);
    const direct = message.direct_conversation_id !== undefined;
    const isNew = work !== undefined && this.#record(work, { road: "resync", direct });
    if (isNew) this.#told.message(work);
    return isNew;
  }

  /** Takes in a slash command that was given in a channel, unless it came before. */
  command(command: Command, { delivery, hold }: CallbackArrival): void {
    const { transaction, commands } = this.#context;
    const work: Work = {
      messageId: command.triggerId,
      conversation: command.channelId,
      cursor: cursorOfCommand(command),
      dueAt: 0,
    };
    const isNew = transaction(() => {
      if (!this.#record(work, { road: "command", direct: false, delivery })) return false;
      commands.store(command);
      return true;
    });
    if (!isNew) return;
    work.hold = hold();
    this.#told.message(work);
  }

  #record(work: Work, arrival: Arrival): boolean {
    const isNew = this.#context.journal.record(work, arrival, this.#context.now());
    this.#count(work, arrival, isNew);
    return isNew;
  }

  #tellOfChange({ type, payload }: Event): void {
    const messageId = text(payload?.message_id);
    if (messageId === undefined) return;
    if (type === "message.deleted") this.#told.deleted(messageId);
    if (type === "message.updated") this.#told.updated(messageId);
  }

  #count({ messageId, cursor }: Work, { road, delivery }: Arrival, isNew: boolean): void {
    this.roads[road][isNew ? "first" : "again"]++;
    if (!isNew && road !== "sweep") this.#context.journal.noteAgain(messageId, road, delivery);
    if (road === "realtime") this.#owed.delete(messageId);
    else if (isNew && (road === "sweep" || road === "callback") && this.#isSockets(cursor))
      this.#owed.set(messageId, this.#context.now());
  }

  /** Whether an event is the socket's to bring. */
  #isSockets(cursor: string): boolean {
    return this.#socketFrom !== undefined && cursor > this.#socketFrom;
  }

  /** The message that an event tells of, unless it is known already that it needs no answer. */
  #workOf(event: Event, botUserId: string): Work | undefined {
    if (!tellsOfMessage(event)) return undefined;
    const payload = event.payload ?? {};
    const messageId = text(payload.message_id);
    const conversation = conversationOf({
      channelId: event.channel_id,
      dmId: text(payload.direct_conversation_id),
      threadRootId: text(payload.root_message_id),
    });
    if (messageId === undefined || conversation === undefined) return undefined;
    if (this.#isOwn(payload, botUserId)) return undefined;
    return {
      messageId,
      conversation: conversationKey(conversation),
      cursor: event.cursor,
      correlationId: text(payload.correlation_id),
      dueAt: 0,
    };
  }

  /** Replies name no author in their event; our own are known by their nonce, which is stored before their event can come. */
  #isOwn(payload: Record<string, unknown>, botUserId: string): boolean {
    if (payload.author_id === botUserId) return true;
    const nonce = text(payload.nonce);
    return nonce !== undefined && this.#context.outbox.has(nonce);
  }
}

/** Left alone, as with events: our own, and agents' activity rows. Admission decides on the others. */
function listedWork(message: Listed, cursor: string, botUserId: string): Work | undefined {
  const conversation = conversationOfMessage(message);
  if (conversation === undefined || message.author_id === botUserId || message.kind !== "message")
    return undefined;
  return { messageId: message.id, conversation: conversationKey(conversation), cursor, dueAt: 0 };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
