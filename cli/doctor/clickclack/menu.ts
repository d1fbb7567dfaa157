import * as z from "zod";
import { request } from "../../../src/clickclack/request.ts";
import type { Workspace } from "../../../src/clickclack/wire.ts";
import { BOT_COMMANDS } from "../../../src/domain/bot-command.ts";
import { type Outcome, only, pass, skip, warn } from "../finding.ts";
import { troubleOf } from "../trouble.ts";
import type { Site } from "./site.ts";
import type { Bearer } from "./token.ts";

const Menus = z.object({
  bot_commands: z.array(z.object({ command: z.string(), bot: z.object({ id: z.string() }) })),
});

/** OpenClaw's own plugin publishes a menu of its own whenever it starts: one that is there tells that it has run. */
export async function menuOutcome(
  { remote }: Site,
  { me }: Bearer,
  { id }: Workspace,
): Promise<Outcome<never>> {
  if (me === undefined) return only(skip("the token may not ask whose it is"));
  try {
    const { bot_commands } = await request(remote, {
      operation: "menus",
      method: "GET",
      path: `/api/workspaces/${encodeURIComponent(id)}/bot-commands`,
      answer: Menus,
    });
    const own = bot_commands.filter(({ bot }) => bot.id === me.id).map(({ command }) => command);
    const ours = new Set<string>(BOT_COMMANDS.map(({ command }) => command));
    const foreign = own.filter((command) => !ours.has(command.replace(/^\//, "")));
    if (own.length === 0) return only(pass("there is none yet; the account publishes it when it comes up"));
    if (foreign.length === 0) return only(pass(`${own.length} commands, this adapter's`));
    return only(
      warn(
        `${foreign.length} commands that are not this adapter's: OpenClaw's own plugin has run for this bot, and answers everything a second time if it still does`,
        "set channels.clickclack.enabled to false in the gateway's document, and restart the gateway",
      ),
    );
  } catch (error) {
    return only(troubleOf(error));
  }
}
