import { startAccounts } from "./account/start.ts";
import { configOf } from "./config/current.ts";
import type { Env } from "./env.ts";
import { createApp } from "./http/app.ts";

export { BotAccount } from "./account/bot-account.ts";
export { Files } from "./clickclack/files.ts";
export { Completion } from "./openclaw/entrypoint.ts";

const app = createApp();

export default {
  fetch: app.fetch,

  /** Each minute: brings up the enabled accounts that are not up. */
  async scheduled(_controller, env): Promise<void> {
    await startAccounts(configOf(env), env);
  },
} satisfies ExportedHandler<Env>;
