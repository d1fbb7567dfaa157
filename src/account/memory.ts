import type { Message } from "../clickclack/wire.ts";
import { type Conversation, conversationKey } from "../domain/conversation.ts";
import { type SessionPlace, sessionName } from "../openclaw/session-key.ts";
import type { AccountContext } from "./context.ts";
import type { Directory } from "./directory.ts";
import type { Identity } from "./facts.ts";
import type { FreshStart } from "./fresh-starts.ts";

/** What of a conversation is remembered: from its beginning, or since somebody asked for a new session. */
export interface Memory {
  /** Agent mode: the session's name. Model mode: the conversation's. */
  place: string;
  /** Whether only one person speaks here. */
  isPrivate: boolean;
  since?: FreshStart | undefined;
}

/** Finds out what is remembered where. */
export class Memories {
  readonly #context: AccountContext;
  readonly #directory: Directory;

  constructor(context: AccountContext, directory: Directory) {
    this.#context = context;
    this.#directory = directory;
  }

  /** @throws {ClickClackError} when a direct conversation's members cannot be read */
  async of(context: AccountContext, identity: Identity, conversation: Conversation): Promise<Memory> {
    const { account, scopes, freshStarts } = context;
    const session = await this.#sessionPlace(context, identity, conversation);
    const place =
      account.replyMode === "agent" ? sessionName(session, scopes) : conversationKey(conversation);
    return { place, isPrivate: session.kind === "dm", since: freshStarts.find(place) };
  }

  /** From this message on. @returns what is remembered then; more recent wins, if somebody has asked again since */
  begin(memory: Memory, message: Message): Memory {
    const { freshStarts } = this.#context;
    freshStarts.begin(memory.place, { messageId: message.id, at: Date.parse(message.created_at) });
    return { ...memory, since: freshStarts.find(memory.place) };
  }

  /** A thread talks in the session of its channel or DM, as in OpenClaw's plugin, unless it is to have its own. */
  async #sessionPlace(
    { client, edge, account }: AccountContext,
    identity: Identity,
    conversation: Conversation,
  ): Promise<SessionPlace> {
    const dmId = conversation.kind === "channel" ? undefined : conversation.dmId;
    const channelId = conversation.kind === "dm" ? undefined : conversation.channelId;
    const hasOwn = conversation.kind === "thread" && edge.threadSessions === "thread";
    const threadRootId = hasOwn ? conversation.rootId : undefined;
    if (channelId !== undefined) return { kind: "channel", channelId, threadRootId };
    if (dmId === undefined) throw new Error("a thread is in a channel or in a direct conversation");
    const [peer, ...more] = await this.#directory.othersIn(client, dmId, identity.botUserId);
    if (peer === undefined || more.length > 0) return { kind: "group", dmId, threadRootId };
    return { kind: "dm", accountId: account.id, userId: peer.id, threadRootId };
  }
}
