import { BOTS, type BotName, INBOUND } from "./cast.ts";

/** What whoever gave a command is told once it was taken, and only then. */
export const ACKNOWLEDGEMENT = "Asked.";

/** Direct messages to a bot without a socket wait for it, and a run shall stay short. */
const SWEEP_SECONDS = 2;

const REPLY_MODES = { scout: "agent", scribe: "agent", sage: "model" } as const satisfies Record<
  BotName,
  string
>;

/**
 * The Worker's configuration. All bots are in one workspace, so that each sees what is meant for the others; a mention
 * says whose question it is.
 *
 * @param clickclack its address
 * @param gateway its address
 */
export function configText(clickclack: string, gateway: string): string {
  const each = <Settings>(settings: (bot: BotName) => Settings) =>
    Object.fromEntries(BOTS.map((bot) => [bot, settings(bot)]));
  return JSON.stringify({
    plugins: { entries: { clickclack: { llm: { allowAgentIdOverride: true } } } },
    channels: {
      clickclack: {
        baseUrl: clickclack,
        workspace: "chaos",
        requireMention: true,
        reconnectMs: 200,
        defaultAccount: "scout",
        accounts: each((bot) => ({
          token: { source: "env", provider: "default", id: tokenName(bot) },
          agentId: bot,
          replyMode: REPLY_MODES[bot],
        })),
      },
    },
    gateway: { remote: { url: gateway } },
    edge: {
      sweepSeconds: SWEEP_SECONDS,
      accounts: each((bot) => ({ inbound: INBOUND[bot], acknowledgement: ACKNOWLEDGEMENT })),
    },
  });
}

/** The Worker secret that holds a bot's token. */
export function tokenName(bot: BotName): string {
  return `CHAOS_${bot.toUpperCase()}_TOKEN`;
}
