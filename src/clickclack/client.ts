import type { BotCommand } from "../domain/bot-command.ts";
import type { Conversation } from "../domain/conversation.ts";
import { EVENTS_PAGE_SIZE, EVENTS_SHARING_PREFIX_MAX, MEMBER_PAGES_MAX, PAGE_MAX } from "../limits.ts";
import type { Remote } from "../remote/headers.ts";
import { publishCommands } from "./command-menu.ts";
import { type Ephemeral, showEphemeral } from "./ephemerals.ts";
import { ClickClackError } from "./errors.ts";
import { type Call, request } from "./request.ts";
import * as wire from "./wire.ts";

/** A text to post. Body, nonce and quote decide whether a repeat is the same post. */
export interface Post {
  body: string;
  nonce: string;
  quotedMessageId?: string | undefined;
  /** Backend model that wrote it, as OpenClaw's plugin tells it; a server that has no use for it ignores it. */
  authorModel?: string | undefined;
}

/** Where a post goes. */
export type Place =
  | { kind: "channel"; channelId: string }
  | { kind: "dm"; dmId: string }
  | { kind: "thread"; rootId: string };

/** A place that root messages stand in. */
export type RootPlace = Exclude<Conversation, { kind: "thread" }>;

/** A page of root messages, oldest first. */
export interface Page {
  messages: wire.Message[];
  hasOlder: boolean;
}

/**
 * ClickClack's API as one bot sees it. Every method makes one call, retries nothing and throws
 * {@link ClickClackError}.
 */
export class ClickClackClient {
  readonly remote: Remote;

  constructor(remote: Remote) {
    this.remote = remote;
  }

  /**
   * The same, for what follows from one event: each call bears its correlation id.
   *
   * @param id as the event has it; undefined for what no event tells of
   */
  correlated(id: string | undefined): ClickClackClient {
    return id === undefined ? this : new ClickClackClient({ ...this.remote, correlationId: id });
  }

  async me(): Promise<wire.User> {
    return (await this.#get("me", "/api/me", wire.MeAnswer)).user;
  }

  /** The one workspace that the token is bound to, in a list. */
  async workspaces(): Promise<wire.Workspace[]> {
    return (await this.#get("workspaces", "/api/workspaces", wire.WorkspacesAnswer)).workspaces;
  }

  async channels(workspaceId: string): Promise<wire.Channel[]> {
    const path = `/api/workspaces/${enc(workspaceId)}/channels`;
    return (await this.#get("channels", path, wire.ChannelsAnswer)).channels;
  }

  /** The member with exactly this handle, if any. The search matches substrings of names as well. */
  memberByHandle(workspaceId: string, handle: string): Promise<wire.User | undefined> {
    return this.#member(workspaceId, { q: handle }, (user) => user.handle === handle);
  }

  /** A member by id, which ClickClack does not look up: the list is read, within bounds. */
  memberById(workspaceId: string, userId: string, role?: "bot"): Promise<wire.User | undefined> {
    return this.#member(workspaceId, { ...(role && { role }) }, (user) => user.id === userId);
  }

  async #member(
    workspaceId: string,
    search: Record<string, string>,
    isMeant: (user: wire.User) => boolean,
  ): Promise<wire.User | undefined> {
    const path = `/api/workspaces/${enc(workspaceId)}/members`;
    let query: Record<string, string> = { ...search, limit: String(PAGE_MAX) };
    for (let pages = 0; pages < MEMBER_PAGES_MAX; pages++) {
      const page = await this.#get("members", path, wire.MembersAnswer, query);
      const found = page.members.map(({ user }) => user).find(isMeant);
      if (found !== undefined || !page.has_more || !page.next_cursor) return found;
      query = { ...query, cursor: page.next_cursor };
    }
    return undefined;
  }

  /**
   * One page of durable events, in cursor order, each still to be read.
   *
   * @param afterCursor exclusive; ClickClack does not validate it, any string is compared
   * @returns the page, and the newest cursor as it was before the page was read ("" in a workspace without events)
   */
  async events(workspaceId: string, afterCursor: string): Promise<{ events: unknown[]; tail: string }> {
    const page = await this.#get("events", "/api/realtime/events", wire.EventsAnswer, {
      workspace_id: workspaceId,
      after_cursor: afterCursor,
      limit: String(EVENTS_PAGE_SIZE),
      include_tail: "true",
    });
    return { events: page.events, tail: page.tail_cursor ?? "" };
  }

  /** The newest cursor of the workspace, "" when it has no events yet. */
  async tail(workspaceId: string): Promise<string> {
    const query = { workspace_id: workspaceId, limit: "1", include_tail: "true" };
    return (await this.#get("tail", "/api/realtime/events", wire.EventsAnswer, query)).tail_cursor ?? "";
  }

  /**
   * Whether an event is still in the log, and ours to see. Pages take any string as a cursor and compare it, so the
   * cursor without its last character asks for the few events up to and with it.
   *
   * @param cursor of the event, not empty
   */
  async holdsEvent(workspaceId: string, cursor: string): Promise<boolean> {
    const { events } = await this.#get("event", "/api/realtime/events", wire.EventsAnswer, {
      workspace_id: workspaceId,
      after_cursor: cursor.slice(0, -1),
      limit: String(EVENTS_SHARING_PREFIX_MAX),
    });
    return events.some((event) => wire.Event.safeParse(event).data?.cursor === cursor);
  }

  async message(messageId: string): Promise<wire.Message> {
    return (await this.#get("message", `/api/messages/${enc(messageId)}`, wire.MessageAnswer)).message;
  }

  /** The bot's own message under a nonce; undefined when it never used that nonce. */
  async messageByNonce(workspaceId: string, nonce: string): Promise<wire.Message | undefined> {
    const query = { workspace_id: workspaceId, nonce };
    try {
      return (await this.#get("by-nonce", "/api/messages/by-nonce", wire.MessageAnswer, query)).message;
    } catch (error) {
      if (error instanceof ClickClackError && error.failure === "not_found") return undefined;
      throw error;
    }
  }

  /**
   * A page of root messages, oldest first, each with the state of its thread.
   *
   * @param beforeSeq exclusive; undefined for the newest page
   */
  async rootPage(conversation: RootPlace, beforeSeq: number | undefined, limit: number): Promise<Page> {
    const path =
      conversation.kind === "channel"
        ? `/api/channels/${enc(conversation.channelId)}/messages`
        : `/api/dms/${enc(conversation.dmId)}/messages`;
    const query = {
      limit: String(limit),
      ...(beforeSeq !== undefined && { before_seq: String(beforeSeq) }),
    };
    const page = await this.#get("messages", path, wire.MessagesAnswer, query);
    return { messages: page.messages, hasOlder: page.has_older };
  }

  /** A thread's root and its newest replies, oldest first. */
  async thread(rootId: string, limit: number): Promise<{ root: wire.Message; replies: wire.Message[] }> {
    const path = `/api/messages/${enc(rootId)}/thread`;
    return this.#get("thread", path, wire.ThreadAnswer, { limit: String(limit), latest: "true" });
  }

  /** The bot's direct conversations in a workspace, oldest first; ClickClack does not page them. */
  async directConversations(workspaceId: string): Promise<wire.DirectConversation[]> {
    const query = { workspace_id: workspaceId };
    return (await this.#get("dms", "/api/dms", wire.ConversationsAnswer, query)).conversations;
  }

  async directConversation(dmId: string): Promise<wire.DirectConversation> {
    return (await this.#get("dm", `/api/dms/${enc(dmId)}`, wire.ConversationAnswer)).conversation;
  }

  /** Opens the 1:1 conversation with a person, or finds it. */
  async openDm(workspaceId: string, userId: string): Promise<wire.DirectConversation> {
    const body = { workspace_id: workspaceId, member_ids: [userId] };
    return (await this.#post("open dm", "/api/dms", body, wire.ConversationAnswer)).conversation;
  }

  /**
   * Posts a message. The same post under the same nonce again brings the message that is already there.
   *
   * @returns the message's id
   */
  async post(place: Place, post: Post): Promise<string> {
    const body = {
      body: post.body,
      nonce: post.nonce,
      quoted_message_id: post.quotedMessageId,
      // The plugin tells it in channels and threads only.
      ...(place.kind !== "dm" && { author_model: post.authorModel }),
    };
    return (await this.#post(`post to ${place.kind}`, postPath(place), body, wire.PostedAnswer)).message.id;
  }

  /** @see {@link showEphemeral} */
  show(workspaceId: string, conversation: Conversation, ephemeral: Ephemeral): Promise<void> {
    return showEphemeral(this.remote, workspaceId, conversation, ephemeral);
  }

  /** @see {@link publishCommands} */
  publishCommands(commands: readonly BotCommand[]): Promise<void> {
    return publishCommands(this.remote, commands);
  }

  #get<Answer>(
    operation: string,
    path: string,
    answer: Call<Answer>["answer"],
    query: Record<string, string> = {},
  ): Promise<Answer> {
    return request(this.remote, { operation, method: "GET", path, query, answer });
  }

  #post<Answer>(
    operation: string,
    path: string,
    body: unknown,
    answer: Call<Answer>["answer"],
  ): Promise<Answer> {
    return request(this.remote, { operation, method: "POST", path, body, answer });
  }
}

function postPath(place: Place): string {
  switch (place.kind) {
    case "channel":
      return `/api/channels/${enc(place.channelId)}/messages`;
    case "dm":
      return `/api/dms/${enc(place.dmId)}/messages`;
    case "thread":
      return `/api/messages/${enc(place.rootId)}/thread/replies`;
  }
}

function enc(part: string): string {
  return encodeURIComponent(part);
}
