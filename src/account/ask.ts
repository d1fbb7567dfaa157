import type { Message } from "../clickclack/wire.ts";
import type { Conversation } from "../domain/conversation.ts";
import type { CompletionOutcome } from "../openclaw/completion.ts";
import { type SessionPlace, sessionKey } from "../openclaw/session-key.ts";
import { type AccountContext, correlated } from "./context.ts";
import type { Directory } from "./directory.ts";
import type { Identity } from "./facts.ts";
import { historyBefore } from "./history.ts";
import type { Work } from "./journal.ts";
import { type Asked, agentQuestion, modelQuestion } from "./question.ts";

/** Makes the question of one message in its account's reply mode and puts it to the agent. */
export class Asker {
  readonly #context: AccountContext;
  readonly #directory: Directory;

  constructor(context: AccountContext, directory: Directory) {
    this.#context = context;
    this.#directory = directory;
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
    const place = await this.#sessionPlace(context, identity, conversation);
    const asked: Asked = {
      account: context.account,
      identity,
      agentId: agent.agentId,
      conversation,
      company: place.kind !== "dm",
      message,
    };
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

  /** A thread talks in the session of its channel or DM, as in OpenClaw's plugin. */
  async #sessionPlace(
    { client, account }: AccountContext,
    identity: Identity,
    conversation: Conversation,
  ): Promise<SessionPlace> {
    const dmId = conversation.kind === "channel" ? undefined : conversation.dmId;
    const channelId = conversation.kind === "dm" ? undefined : conversation.channelId;
    if (channelId !== undefined) return { kind: "channel", channelId };
    if (dmId === undefined) throw new Error("a thread is in a channel or in a direct conversation");
    const userId = await this.#directory.dmPeer(client, dmId, identity.botUserId);
    if (userId === undefined) return { kind: "group", dmId };
    return { kind: "dm", accountId: account.id, userId };
  }
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
  return agents.complete(agentQuestion(asked, key), (runId) => {
    turns.runStarted(asked.message.id, key, runId);
    onReached();
  });
}
