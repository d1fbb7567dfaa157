import type { Message } from "../clickclack/wire.ts";
import { type Conversation, channelIdOf, dmIdOf } from "../domain/conversation.ts";
import type { CompletionOutcome } from "../openclaw/completion.ts";
import { sessionKey } from "../openclaw/session-key.ts";
import type { Stopped } from "./agents.ts";
import { type AccountContext, correlated } from "./context.ts";
import type { Directory } from "./directory.ts";
import type { Identity } from "./facts.ts";
import { historyBefore } from "./history.ts";
import type { Work } from "./journal.ts";
import type { Memories, Memory } from "./memory.ts";
import { Names } from "./names.ts";
import { type Asked, agentQuestion, modelQuestion } from "./question.ts";
import type { Scene } from "./situation.ts";
import { unheardBefore } from "./unheard.ts";

/** What is to be asked, and how it is watched. */
export interface Inquiry {
  identity: Identity;
  correlationId: string | undefined;
  conversation: Conversation;
  message: Message;
  /** Asks for a new session before the question is put. */
  afresh: boolean;
  /** Called as soon as the gateway has taken the question. */
  onReached(): void;
  /** Its answer is not wanted any more. */
  stop: AbortSignal;
}

/** Makes the question of one message in its account's reply mode and puts it to the agent. */
export class Asker {
  readonly #context: AccountContext;
  readonly #directory: Directory;
  readonly #memories: Memories;
  readonly #names: Names;

  constructor(context: AccountContext, directory: Directory, memories: Memories) {
    this.#context = context;
    this.#directory = directory;
    this.#memories = memories;
    this.#names = new Names(directory);
  }

  /** @throws {ClickClackError} when what the question needs cannot be read */
  async ask(inquiry: Inquiry): Promise<CompletionOutcome | Stopped> {
    const context = correlated(this.#context, inquiry.correlationId);
    const agent = await this.#directory.agent(context.agents);
    if (agent.kind === "failed") return agent;
    const scene = await this.#scene(context, inquiry);
    const memory = await this.#memory(context, inquiry);
    const { agentId } = agent;
    const { account } = context;
    const about = { ...scene, account, agentId, company: !memory.isPrivate };
    const outcome = await put(context, about, memory, inquiry);
    // The agent may have been renamed or removed since it was remembered.
    if (outcome.kind === "failed" && outcome.failure.reason === "request_refused")
      this.#directory.forgetAgent();
    return outcome;
  }

  /**
   * Looks for the answer of a run whose stream was lost.
   *
   * @returns undefined when there is none and the question has to be put again
   */
  async recover(
    { correlationId }: Work,
    lost: { sessionKey: string; runId: string },
  ): Promise<CompletionOutcome | undefined> {
    const { agents } = correlated(this.#context, correlationId);
    const found = await agents.recoverRun(lost.sessionKey, lost.runId);
    return found.kind === "absent" ? undefined : found;
  }

  /** A channel's name, if it was read before. */
  channelName(channelId: string): string | undefined {
    return this.#names.seen(channelId);
  }

  async #memory(
    context: AccountContext,
    { identity, conversation, message, afresh }: Inquiry,
  ): Promise<Memory> {
    const memory = await this.#memories.of(context, identity, conversation);
    return afresh ? this.#memories.begin(memory, message) : memory;
  }

  /** Who is in a direct conversation decides on its session and has to be known; names need not. */
  async #scene(context: AccountContext, { identity, conversation, message }: Inquiry): Promise<Scene> {
    const { workspaceId, botUserId } = identity;
    const dmId = dmIdOf(conversation);
    const channelId = channelIdOf(conversation);
    const ownerId = message.author?.owner_user_id;
    const [others, channel, owner] = await Promise.all([
      dmId === undefined ? [] : this.#directory.othersIn(context.client, dmId, botUserId),
      channelId && this.#names.channel(context, workspaceId, channelId),
      ownerId && this.#names.person(context, workspaceId, ownerId),
    ]);
    return {
      identity,
      conversation,
      message,
      others,
      channel: channel || undefined,
      owner: owner || undefined,
    };
  }
}

async function put(
  context: AccountContext,
  about: Omit<Asked, "files">,
  memory: Memory,
  { message: { attachments = [] }, correlationId, onReached, stop }: Inquiry,
): Promise<CompletionOutcome | Stopped> {
  const { account, turns, agents, files } = context;
  if (account.replyMode === "model") {
    const history = await historyBefore(context, about.conversation, about.message, memory.since);
    return files.lend(attachments, correlationId, (files, handedOver) => {
      const onRun = () => {
        handedOver();
        onReached();
      };
      return agents.complete(modelQuestion({ ...about, files }, history), onRun, stop);
    });
  }
  const unheard = await unheardBefore(context, about, memory.since);
  const key = sessionKey(about.agentId, memory.place, memory.since?.messageId);
  return files.lend(attachments, correlationId, (files, handedOver) => {
    const onRun = (runId: string) => {
      handedOver();
      // One that was stopped has ended: it must not look as if its answer could still be found.
      if (stop.aborted) return;
      turns.runStarted(about.message.id, key, runId);
      onReached();
    };
    return agents.complete(agentQuestion({ ...about, files }, key, unheard), onRun, stop);
  });
}
