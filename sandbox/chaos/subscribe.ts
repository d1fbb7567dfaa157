import type { Member } from "../room.ts";
import { BOTS, CALLBACK_BOTS, commandOf } from "./cast.ts";
import type { Places } from "./places.ts";

/** The events that a bot has to hear of. */
const EVENT_TYPES = ["message.created", "thread.reply_created"];

/**
 * Subscribes the bots to the workspace's events, as far as callbacks bring them any, and registers a slash command for
 * each, as somebody does who runs the Worker.
 *
 * @param owner of the workspace
 * @param relay the address that callbacks go to
 * @returns the signing secrets, by the Worker's names for them
 */
export async function subscribe(
  places: Places,
  owner: Member,
  relay: string,
): Promise<Record<string, string>> {
  const { room } = places;
  const make = async (what: string, order: object): Promise<string> => {
    const path = `/api/workspaces/${room.workspaceId}/${what}s`;
    const answer = await places.call<Record<string, { signing_secret: string }>>(owner, "POST", path, order);
    const secret = answer[what.replace("-", "_")]?.signing_secret;
    if (secret === undefined) throw new Error(`POST ${path} answered no secret`);
    return secret;
  };
  const secrets: Record<string, string> = {};
  for (const bot of CALLBACK_BOTS) {
    const callbackUrl = `${relay}/clickclack/${bot}/events`;
    const order = { event_types: EVENT_TYPES, callback_url: callbackUrl };
    secrets[`CLICKCLACK_${bot.toUpperCase()}_EVENTS_SECRET`] = await make("event-subscription", order);
  }
  for (const bot of BOTS) {
    const callbackUrl = `${relay}/clickclack/${bot}/commands`;
    const order = { command: commandOf(bot), callback_url: callbackUrl, bot_user_id: room.bot(bot).id };
    secrets[`CLICKCLACK_${bot.toUpperCase()}_COMMANDS_SECRET`] = await make("slash-command", order);
  }
  return secrets;
}
