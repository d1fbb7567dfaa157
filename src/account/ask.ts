import type { Message } from "../clickclack/wire.ts";
import type { Conversation } from "../domain/conversation.ts";
import type { CompletionOutcome } from "../openclaw/completion.ts";
import { type SessionPlace, sessionKey } from "../openclaw/session-key.ts";
import { type AccountContext, correlated } from "./context.ts";
import type { Directory } from "./directory.ts";
import type { Identity } from "./facts.ts";
import { historyBefore } from "./history.ts";
import type { Work } from "./journal.ts";
import { Names } from "./names.ts";
import { type Asked, agentQuestion, modelQuestion } from "./question.ts";
import type { Scene } from "./situation.ts";
import { unheardBefore } from "./unheard.ts";

/** Makes the question of one message in its account's reply mode and puts it to the agent. */
export class Asker {
  readonly #context: AccountContext;
  readonly #directory: Directory;
  readonly #names: Names;

  constructor(context: AccountContext, directory: Directory) {
    this.#context = context;
    this.#directory = directory;
    this.#names = new Names(directory);
  }

  /**
   * @param onReached called as soon as the gateway has taken the question
   * @throws {ClickClackError} when what the question needs cannot be read
   */
  async ask(
    identity: Identity,
    { correlationId }: Work,
    conversation: Conversation,
    message: Message,
    onReached: () => void,
  ): Promise<CompletionOutcome> {
    const context = correlated(this.#context, correlationId);
    const agent = await this.#directory.agent(context.agents);
    if (agent.kind === "failed") return agent;
    const scene = await this.#scene(context, identity, conversation, message);
    const place = sessionPlace(scene, context.account.id);
    const { agentId } = agent;
    const asked: Asked = { ...scene, account: context.account, agentId, company: place.kind !== "dm" };
    const outcome = await put(context, asked, place, onReached);
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

  /** Who is in a direct conversation decides on its session and has to be known; names need not. */
  async #scene(
    context: AccountContext,
    identity: Identity,
    conversation: Conversation,
    message: Message,
  ): Promise<Scene> {
    const { workspaceId, botUserId } = identity;
    const dmId = conversation.kind === "channel" ? undefined : conversation.dmId;
    const channelId = conversation.kind === "dm" ? undefined : conversation.channelId;
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

/** A thread talks in the session of its channel or DM, as in OpenClaw's plugin. */
function sessionPlace({ conversation, others }: Scene, accountId: string): SessionPlace {
  const dmId = conversation.kind === "channel" ? undefined : conversation.dmId;
  const channelId = conversation.kind === "dm" ? undefined : conversation.channelId;
  if (channelId !== undefined) return { kind: "channel", channelId };
  if (dmId === undefined) throw new Error("a thread is in a channel or in a direct conversation");
  const [peer, ...more] = others;
  if (peer === undefined || more.length > 0) return { kind: "group", dmId };
  return { kind: "dm", accountId, userId: peer.id };
}

async function put(
  context: AccountContext,
  asked: Asked,
  place: SessionPlace,
  onReached: () => void,
): Promise<CompletionOutcome> {
  const { account, agents, turns, dmScope } = context;
  if (account.replyMode === "model") {
    const history = await historyBefore(context, asked.conversation, asked.message);
    return agents.complete(modelQuestion(asked, history), onReached);
  }
  const key = sessionKey(asked.agentId, place, dmScope);
  const unheard = await unheardBefore(context, asked);
  return agents.complete(agentQuestion(asked, key, unheard), (runId) => {
    turns.runStarted(asked.message.id, key, runId);
    onReached();
  });
}
