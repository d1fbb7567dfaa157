import { settingsAt } from "../config/admission.ts";
import type { Account } from "../config/types.ts";
import { BOT_COMMANDS } from "../domain/bot-command.ts";
import type { Identity } from "./facts.ts";

/** OpenClaw's own words. */
export const NEW_SESSION = "✅ New session started.";

/** What people can say to the bot. @param channelId where they ask; undefined in a direct conversation */
export function helpText(account: Account, { handle }: Identity, channelId: string | undefined): string {
  const lines = BOT_COMMANDS.map(({ command, argsHint, description }) =>
    [`- \`/${[command, argsHint].filter((part) => part !== "").join(" ")}\``, description].join(" "),
  );
  return [...lines, "", addressing(account, handle, channelId)].join("\n");
}

/** @param running questions that were being answered @param waiting those behind them */
export function stoppedText(running: number, waiting: number): string {
  if (running + waiting === 0) return "Nothing is being answered here.";
  const dropped = `${waiting} waiting ${waiting === 1 ? "question" : "questions"} dropped.`;
  return [...(running > 0 ? ["Stopped."] : []), ...(waiting > 0 ? [dropped] : [])].join(" ");
}

/** What the bot knows of itself and of a conversation. Nothing of it is for operators alone. */
export interface StatusFacts {
  account: Account;
  identity: Identity;
  /** When its session was begun anew, Unix ms. */
  since: number | undefined;
  isAnswering: boolean;
  waiting: number;
  /** Since when no agent can be reached, Unix ms. */
  awaySince: number | undefined;
}

export function statusText(facts: StatusFacts): string {
  const { account, identity, since, isAnswering, waiting, awaySince } = facts;
  const name = identity.displayName || identity.handle || account.id;
  const agent = account.agentId ?? "the gateway's only one";
  return [
    `${name} on clickclack-edge`,
    `- Agent: ${agent}, ${account.replyMode === "agent" ? "with a session for each conversation" : "one completion for each message"}`,
    ...(account.model !== undefined && account.replyMode === "model" ? [`- Model: ${account.model}`] : []),
    `- Session: ${since === undefined ? "never begun anew here" : `begun anew ${utc(since)}`}`,
    `- Here: ${isAnswering ? "answering" : "idle"}${waiting > 0 ? `, ${waiting} waiting` : ""}`,
    `- Gateway: ${awaySince === undefined ? "reachable" : `out of reach since ${utc(awaySince)}; questions wait`}`,
  ].join("\n");
}

function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function addressing(account: Account, handle: string, channelId: string | undefined): string {
  const isGated = settingsAt(account.admission, channelId).requireMention.value;
  if (channelId === undefined || !isGated) return "Everything else that you write here is for my agent.";
  return handle === ""
    ? "In this channel I answer only when I am mentioned."
    : `In this channel I answer when you mention me: @${handle}.`;
}
