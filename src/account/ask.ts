import type { Message } from "../clickclack/wire.ts";
import type { Conversation } from "../domain/conversation.ts";
import type { CompletionOutcome } from "../openclaw/completion.ts";
import { type SessionPlace, sessionKey } from "../openclaw/session-key.ts";
import type { AccountContext } from "./context.ts";
import type { Directory } from "./directory.ts";
import type { Identity } from "./facts.ts";
import { historyBefore } from "./history.ts";
import { type Asked, agentQuestion, modelQuestion } from "./question.ts";

/** Makes the question of one message in its account's reply mode and puts it to the agent. */
export class Asker {
  readonly #context: AccountContext;
  readonly #directory: Directory;

  constructor(context: AccountContext, directory: Directory) {
    this.#context = context;
    this.#directory = directory;
  }

  /** @throws {ClickClackError} when what the question needs cannot be read */
  async ask(identity: Identity, conversation: Conversation, message: Message): Promise<CompletionOutcome> {
    const agent = await this.#directory.agent();
    if (agent.kind === "failed") return agent;
    const peer = await this.#peer(identity, conversation);
    const asked: Asked = {
      account: this.#context.account,
      identity,
      agentId: agent.agentId,
      conversation,
      company: peer === undefined || peer === dmIdOf(conversation),
      message,
    };
    const outcome = await this.#put(asked, peer);
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
  async recover(lost: { sessionKey: string; runId: string }): Promise<CompletionOutcome | undefined> {
    const found = await this.#context.completion.recoverRun(lost.sessionKey, lost.runId);
    return found.kind === "absent" ? undefined : found;
  }

  async #put(asked: Asked, peer: string | undefined): Promise<CompletionOutcome> {
    const { account, completion, turns, dmScope } = this.#context;
    if (account.replyMode === "model") {
      const history = await historyBefore(this.#context, asked.conversation, asked.message);
      return completion.complete(modelQuestion(asked, history), () => {});
    }
    const key = sessionKey(asked.agentId, sessionPlace(account.id, asked.conversation, peer), dmScope);
    return completion.complete(agentQuestion(asked, key), (runId) =>
      turns.runStarted(asked.message.id, key, runId),
    );
  }

  /** Whose DM it is; undefined in a channel. */
  async #peer(identity: Identity, conversation: Conversation): Promise<string | undefined> {
    const dmId = dmIdOf(conversation);
    return dmId === undefined ? undefined : this.#directory.dmPeer(dmId, identity.botUserId);
  }
}

function dmIdOf(conversation: Conversation): string | undefined {
  return conversation.kind === "channel" ? undefined : conversation.dmId;
}

/** A thread talks in the session of its channel or DM, as in OpenClaw's plugin. */
function sessionPlace(accountId: string, conversation: Conversation, peer: string | undefined): SessionPlace {
  if (peer !== undefined) return { kind: "dm", accountId, peerId: peer };
  return { kind: "channel", channelId: conversation.kind === "dm" ? "" : (conversation.channelId ?? "") };
}
