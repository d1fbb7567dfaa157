import type { Message } from "../clickclack/wire.ts";
import type { Conversation } from "../domain/conversation.ts";
import type { CompletionOutcome } from "../openclaw/completion.ts";
import { sessionKey } from "../openclaw/session-key.ts";
import type { Stopped } from "./agents.ts";
import type { AccountContext } from "./context.ts";
import type { Directory } from "./directory.ts";
import type { Identity } from "./facts.ts";
import { historyBefore } from "./history.ts";
import type { Memories, Memory } from "./memory.ts";
import { type Asked, agentQuestion, modelQuestion } from "./question.ts";

/** What is to be asked, and how it is watched. */
export interface Inquiry {
  identity: Identity;
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

  constructor(context: AccountContext, directory: Directory, memories: Memories) {
    this.#context = context;
    this.#directory = directory;
    this.#memories = memories;
  }

  /** @throws {ClickClackError} when what the question needs cannot be read */
  async ask(inquiry: Inquiry): Promise<CompletionOutcome | Stopped> {
    const { identity, conversation, message } = inquiry;
    const agent = await this.#directory.agent();
    if (agent.kind === "failed") return agent;
    const memory = await this.#memory(inquiry);
    const { account } = this.#context;
    const { agentId } = agent;
    const asked: Asked = { account, identity, agentId, conversation, company: !memory.isPrivate, message };
    const outcome = await this.#put(asked, memory, inquiry);
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
    const found = await this.#context.agents.recoverRun(lost.sessionKey, lost.runId);
    return found.kind === "absent" ? undefined : found;
  }

  async #memory({ identity, conversation, message, afresh }: Inquiry): Promise<Memory> {
    const memory = await this.#memories.of(identity, conversation);
    return afresh ? this.#memories.begin(memory, message) : memory;
  }

  async #put(asked: Asked, memory: Memory, inquiry: Inquiry): Promise<CompletionOutcome | Stopped> {
    const { account, turns, agents } = this.#context;
    const { onReached, stop } = inquiry;
    if (account.replyMode === "model") {
      const history = await historyBefore(this.#context, asked.conversation, asked.message, memory.since);
      return agents.complete(modelQuestion(asked, history), onReached, stop);
    }
    const key = sessionKey(asked.agentId, memory.place, memory.since?.messageId);
    const onRun = (runId: string) => {
      // One that was stopped has ended: it must not look as if its answer could still be found.
      if (stop.aborted) return;
      turns.runStarted(asked.message.id, key, runId);
      onReached();
    };
    return agents.complete(agentQuestion(asked, key), onRun, stop);
  }
}
