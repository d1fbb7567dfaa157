import type { BotAccount } from "./account/bot-account.ts";

/** Bindings of the Worker. Every other string in it is a variable or secret that the configuration may name. */
export interface Env {
  BOT_ACCOUNT: DurableObjectNamespace<BotAccount>;
  /** Replaces the bundled `openclaw.json5`. */
  OPENCLAW_CONFIG?: string;
  /** Opens sends and status. Unset means that they refuse. */
  EDGE_API_TOKEN?: string;
  /** Opens the status page, and what an operator does to messages that were given up. Unset means that both refuse. */
  EDGE_ADMIN_TOKEN?: string;
  /** Counts wrong admin tokens by address. */
  WRONG_TOKENS?: RateLimit;
}
