import type { Setting } from "../domain/setting.ts";
import { DEFAULT_ACCOUNT_ID, normalizeAccountId } from "./account-ids.ts";
import { normalizeAgentId } from "./agents.ts";
import { formatPath } from "./faults.ts";
import type { BindingsSettings } from "./gateway-schema.ts";
import type { Fault } from "./types.ts";

type Binding = NonNullable<NonNullable<BindingsSettings>[number]>;

/** What `bindings` says of one account. */
export interface Bound {
  /** The agent that everything of the account goes to; absent when no binding says so. */
  agent?: Setting<string>;
  /** Bindings that ask for more than can be done here. */
  warnings: readonly Fault[];
}

/** What narrows a binding to some of the conversations. */
const CONDITIONS = ["peer", "guildId", "teamId", "roles"] as const;

/**
 * The agent of an account without an `agentId`, by OpenClaw's rules: a binding to the account itself goes before one to
 * `*`, and the first of several counts. One without an `accountId` is to the account `default` only.
 *
 * @param bindings the document's
 * @param accountId normalised
 */
export function readBindings(bindings: BindingsSettings, accountId: string): Bound {
  const warnings: Fault[] = [];
  const candidates: { agent: Setting<string>; isForAll: boolean }[] = [];
  for (const [index, binding] of (bindings ?? []).entries()) {
    if (binding === undefined || !isAbout(binding, accountId)) continue;
    const path = ["bindings", index];
    const condition = CONDITIONS.find((key) => isSet(binding.match?.[key]));
    if (condition !== undefined || binding.type === "acp") {
      warnings.push({
        path: formatPath(condition === undefined ? path : [...path, "match", condition]),
        found: "a binding for some conversations, which is passed over: an account has one agent here",
        mend: "give that agent a bot of its own, an account with an agentId, or remove the binding",
      });
    } else if (binding.agentId?.trim()) {
      const value = normalizeAgentId(binding.agentId);
      const agent = { value, path: formatPath([...path, "agentId"]) };
      candidates.push({ agent, isForAll: binding.match?.accountId?.trim() === "*" });
      if (isSet(binding.session)) warnings.push(sessionWarning(formatPath([...path, "session"])));
    }
  }
  const best = candidates.find(({ isForAll }) => !isForAll) ?? candidates[0];
  return { ...(best && { agent: best.agent }), warnings };
}

function isAbout({ match, type = "route" }: Binding, accountId: string): boolean {
  if (match?.channel?.trim().toLowerCase() !== "clickclack" || !["route", "acp"].includes(type)) return false;
  const written = match.accountId?.trim() ?? "";
  return written === "*" || normalizeAccountId(written || DEFAULT_ACCOUNT_ID) === accountId;
}

function isSet(value: unknown): boolean {
  return (
    value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0)
  );
}

function sessionWarning(path: string): Fault {
  const found = "a session scope of one binding, which is passed over";
  return { path, found, mend: "use session.dmScope and session.groupScope, which hold for every account" };
}
