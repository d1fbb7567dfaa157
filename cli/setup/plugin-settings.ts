import { loadConfig } from "../../src/config/load.ts";
import type { Activation, Config } from "../../src/config/types.ts";
import type { Draft } from "./draft.ts";

const BIT = ["plugins", "entries", "clickclack", "llm", "allowAgentIdOverride"];
const ALLOW = ["plugins", "allow"];

/** What an operator has forbidden is not ours to allow. */
const FORBIDDEN: Record<Exclude<Activation, { on: true }>["reason"], string> = {
  "plugins disabled": "plugins.enabled is false and still forbids the bot; remove it, or set it to true",
  "blocked by denylist": "plugins.deny lists clickclack and still forbids the bot; take it out there",
  "disabled in config":
    "plugins.entries.clickclack.enabled is false and still forbids the bot; remove it, or set it to true",
  "channel disabled in config": "channels.clickclack.enabled is false and still forbids the bot",
  "not in allowlist": "plugins.allow does not list clickclack and still forbids the bot",
};

/**
 * Lets the plugin list and the trust bits have the account, as far as choosing it says so, and tells what still does not.
 *
 * @param accountId normalised
 */
export function openPlugin(draft: Draft, accountId: string): void {
  const list = draft.get(ALLOW);
  if (Array.isArray(list) && list.length > 0 && !list.some((id) => String(id).trim() === "clickclack")) {
    draft.document.append(ALLOW, "clickclack");
    draft.note("plugins.allow now lists clickclack");
  }
  const account = read(draft)?.accounts.get(accountId);
  const bit = draft.get(BIT);
  // Also an agent that a binding names.
  if (account?.replyMode === "model" && account.agentId !== undefined && bit !== true) {
    if (bit === false)
      draft.note(
        `${BIT.join(".")} is false and still forbids a model-mode account with an agent; set it to true`,
      );
    else {
      draft.document.set(BIT, true);
      draft.note(`${BIT.join(".")} is true now: in model mode the account answers as an agent of its own`);
    }
  }
  const activation = read(draft)?.activation;
  if (activation?.on === false) draft.note(FORBIDDEN[activation.reason]);
}

function read(draft: Draft): Config | undefined {
  const loaded = loadConfig(draft.text, draft.allVariables());
  return loaded.ok ? loaded.config : undefined;
}
