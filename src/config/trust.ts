import type { TrustBits } from "./document.ts";
import { describe } from "./faults.ts";
import type { Account, Fault } from "./types.ts";

const PLACE = "plugins.entries.clickclack.llm";

/**
 * What an account asks for in model mode without the operator's leave. OpenClaw lets its plugin complete as another agent,
 * or with another model, only behind these bits; its HTTP endpoint does not know them, so they are held here.
 *
 * @param account the account, already read
 * @param places where the account's agent, its own or a binding's, and its model are named
 * @param bits `plugins.entries.clickclack.llm`
 */
export function trustFaults(
  account: Pick<Account, "id" | "replyMode" | "agentId" | "model">,
  places: { agentId: string | undefined; model: string },
  bits: TrustBits = {},
): Fault[] {
  if (account.replyMode !== "model") return [];
  const faults: Fault[] = [];

  const require = (bit: "allowAgentIdOverride" | "allowModelOverride", key: "agentId" | "model") => {
    if (account[key] === undefined || bits[bit] === true) return;
    faults.push({
      path: `${PLACE}.${bit}`,
      found: `${describe(bits[bit])}, and account "${account.id}" has its own ${key} in model mode`,
      mend: `set ${PLACE}.${bit} to true, or remove ${places[key] ?? key}`,
    });
  };
  require("allowAgentIdOverride", "agentId");
  require("allowModelOverride", "model");

  for (const list of ["allowedModels", "allowedCompletionModels"] as const) {
    if (account.model === undefined || permits(bits[list], account.model)) continue;
    faults.push({
      path: `${PLACE}.${list}`,
      found: `a list without the model of account "${account.id}"`,
      mend: "add the model as provider/model, and write it so in the account",
    });
  }
  return faults;
}

/** No list permits every model, as `*` in one does; an empty one permits none. */
function permits(list: readonly string[] | undefined, model: string): boolean {
  return list === undefined || list.some((entry) => ["*", model].includes(entry.trim()));
}
