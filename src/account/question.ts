import type { Message, User } from "../clickclack/wire.ts";
import type { Account } from "../config/types.ts";
import { isCommandId } from "../domain/command.ts";
import type { Conversation } from "../domain/conversation.ts";
import type { ChatMessage, Question } from "../openclaw/question.ts";
import type { Identity } from "./facts.ts";

/** All that a question is made of. */
export interface Asked {
  account: Account;
  identity: Identity;
  agentId: string;
  conversation: Conversation;
  /** More than one person may speak here. */
  company: boolean;
  message: Message;
}

/**
 * The question of agent mode: the session remembers what was said, so only the new message goes along. `model` and
 * `systemPrompt` are the agent's own here, as in OpenClaw's plugin.
 *
 * @param sessionKey where the gateway keeps the talk
 */
export function agentQuestion(asked: Asked, sessionKey: string): Question {
  const system = situation(asked).join("\n");
  return {
    agentId: asked.agentId,
    sessionKey,
    messages: [{ role: "system", content: system }, spoken(asked, asked.message)],
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
      ...[...history, asked.message].map((said) => spoken(asked, said)),
    ],
  };
}

/** Who speaks, where and to whom. */
function situation({ identity, conversation, message }: Asked): string[] {
  const self = nameOf(identity.displayName, identity.handle, identity.botUserId);
  return [
    `You are ${self} in the ClickClack workspace "${identity.workspaceName}".`,
    `Place: ${placeText(conversation)}.`,
    `${isCommandId(message.id) ? "Slash command" : "Message"} ${message.id} of ${message.created_at} is from ${person(message)}.`,
  ];
}

function placeText(conversation: Conversation): string {
  switch (conversation.kind) {
    case "channel":
      return `channel ${conversation.channelId}`;
    case "dm":
      return `direct conversation ${conversation.dmId}`;
    case "thread":
      return `thread ${conversation.rootId} in ${conversation.dmId ?? conversation.channelId ?? "a conversation"}`;
  }
}

/**
 * One message as the agent reads it. OpenClaw labels every speaker `User` and keeps only the text, so in company the
 * speaker's name stands in the text.
 */
function spoken({ identity, company }: Asked, message: Message): ChatMessage {
  if (message.author_id === identity.botUserId) return { role: "assistant", content: message.body };
  return { role: "user", content: company ? `${speaker(message)}: ${message.body}` : message.body };
}

function speaker({ author, author_id: id }: Message): string {
  return author?.handle ? `${author.display_name} (@${author.handle})` : author?.display_name || id;
}

function person({ author, author_id: id }: Message): string {
  return `${nameOf(author?.display_name ?? "", author?.handle ?? "", id)}, ${kindOf(author)}`;
}

function kindOf(author: User | undefined): string {
  return author?.kind === "bot" ? "a bot" : "a person";
}

function nameOf(displayName: string, handle: string, id: string): string {
  return [displayName, handle === "" ? "" : `@${handle}`, `(${id})`].filter((part) => part !== "").join(" ");
}
