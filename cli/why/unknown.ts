import { cursorTimeMs, messageCursor } from "../../src/domain/cursor.ts";
import { RETENTION_MS } from "../../src/limits.ts";
import { span } from "../times.ts";
import type { AccountAnswer } from "../worker/answers.ts";

/** With these, messages come in. */
const UP = ["linked", "sweeping"];

/**
 * What it can mean that no account was told of a message, the likeliest first.
 *
 * @param id as far as it is known: a link that leads nowhere has none
 * @param asked the accounts that were asked
 * @param now Unix ms
 */
export function meaningsOf(id: string | undefined, asked: readonly AccountAnswer[], now: number): string[] {
  const writtenAt = id === undefined ? undefined : cursorTimeMs(messageCursor(id, "") ?? "");
  const age = writtenAt === undefined ? undefined : now - writtenAt;
  if (age !== undefined && age > RETENTION_MS)
    return [`it is ${span(age)} old, and what became of a message is forgotten after ${span(RETENTION_MS)}`];
  const down = asked.filter(({ link }) => link !== undefined && !UP.includes(link.state));
  const idle = asked.filter(({ link }) => link === undefined);
  return [
    ...down.map(
      ({ id: account, link }) => `${account} does not hear anything now: ${link?.error ?? link?.state}`,
    ),
    ...idle.map(
      ({ id: account, reason, enabled }) => `${account} is not up: ${enabled ? reason : "it is disabled"}`,
    ),
    ...(id === undefined ? ["the link leads to no message that one of the bots may see"] : []),
    "it was written in another workspace, or in a direct conversation that no bot is in",
    "it is one of the bot's own, or a line about an agent's work: those are not kept",
    "it was written before the account's first start",
    ...asked
      .filter(({ inbound }) => inbound === "callbacks")
      .map(
        ({ id: account }) =>
          `${account} has no connection: a message whose callback was lost comes with the next sweep`,
      ),
    ...asked
      .filter(({ gap }) => gap !== undefined)
      .map(({ id: account }) => `${account} has a gap: see "status ${account}"`),
  ];
}
