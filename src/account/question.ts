import type { Message } from "../clickclack/wire.ts";
import type { Account } from "../config/types.ts";
import type { ChatMessage, Question } from "../openclaw/question.ts";
import { type AttachedFile, withFiles } from "./question-files.ts";
import { bylineOf, type Scene, situation } from "./situation.ts";

/** All that a question is made of. */
export interface Asked extends Scene {
  account: Account;
  agentId: string;
  /** More than one person may speak here. */
  company: boolean;
  /** What hangs on the message. */
  files: readonly AttachedFile[];
}

/**
 * The question of agent mode: the session remembers what was said to the agent, so only what is new to it goes along.
 * `model` and `systemPrompt` are the agent's own here, as in OpenClaw's plugin.
 *
 * @param sessionKey where the gateway keeps the talk
 * @param unheard what was said before and the agent has not read, oldest first. OpenClaw puts it before the message as
 *   "Chat messages since your last reply - for context".
 */
export function agentQuestion(asked: Asked, sessionKey: string, unheard: readonly Message[]): Question {
  const system = situation(asked).join("\n");
  return {
    agentId: asked.agentId,
    sessionKey,
    messages: [
      { role: "system", content: system },
      ...unheard.map((said) => spoken(asked, said)),
      withFiles(spoken(asked, asked.message), asked.files),
    ],
  };
}

/**
 * The question of model mode: stateless, so the conversation's own history goes along.
 *
 * @param history what was said before, oldest first
 */
export function modelQuestion(asked: Asked, history: readonly Message[]): Question {
  const { model, systemPrompt } = asked.account;
  const system = [...(systemPrompt === undefined ? [] : [systemPrompt]), ...situation(asked)].join("\n");
  return {
    agentId: asked.agentId,
    ...(model !== undefined && { model }),
    messages: [
      { role: "system", content: system },
      ...history.map((said) => spoken(asked, said)),
      withFiles(spoken(asked, asked.message), asked.files),
    ],
  };
}

/**
 * One message as the agent reads it. OpenClaw labels every speaker `User` and keeps only the text, so in company the
 * speaker's name stands in the text.
 */
function spoken({ identity, company }: Asked, message: Message): ChatMessage & { content: string } {
  if (message.author_id === identity.botUserId) return { role: "assistant", content: message.body };
  return { role: "user", content: company ? `${bylineOf(message)}: ${message.body}` : message.body };
}
