import type { Setting } from "../domain/setting.ts";
import { formatPath, type Path } from "./faults.ts";
import type { AgentSettings, AgentsSettings } from "./gateway-schema.ts";
import { normalizeId } from "./normalize.ts";

const AGENT_ID_DEFAULT = "main";

/** One agent that the document lists. */
export interface ListedAgent extends AgentSettings {
  /** Normalised. */
  id: string;
  path: Path;
}

/** OpenClaw's agent id for what an operator wrote; `main` for what leaves nothing. */
export function normalizeAgentId(written: string): string {
  return normalizeId(written) || AGENT_ID_DEFAULT;
}

/** The agents of the document: those of `agents.entries`, or else of the older `agents.list`. */
export function listAgents(agents: AgentsSettings): ListedAgent[] {
  const written: [string, Path, AgentSettings | undefined][] =
    agents?.entries !== undefined
      ? Object.entries(agents.entries).map(([key, agent]) => [key, ["agents", "entries", key], agent])
      : (agents?.list ?? []).map((agent, index) => [agent?.id ?? "", ["agents", "list", index], agent]);
  return written.flatMap(([id, path, agent]) =>
    agent === undefined ? [] : [{ ...agent, id: normalizeAgentId(id), path }],
  );
}

/**
 * The agent among several that has what nobody else owns, by OpenClaw's rules: `agents.defaults.systemAgent.agentId` where
 * `agents.ownership` is `explicit`, else the one that is marked as `default`.
 *
 * @returns undefined for a single agent too, which the gateway finds by itself
 */
export function ownerAmong(
  listed: readonly ListedAgent[],
  agents: AgentsSettings,
): Setting<string> | undefined {
  if (listed.length < 2) return undefined;
  if (agents?.ownership === "explicit") {
    const named = agents.defaults?.systemAgent?.agentId?.trim();
    const owner = named ? listed.find(({ id }) => id === normalizeAgentId(named)) : undefined;
    return owner && { value: owner.id, path: "agents.defaults.systemAgent.agentId" };
  }
  const [marked, ...others] = listed.filter((agent) => agent.default === true);
  if (marked === undefined || others.length > 0) return undefined;
  return { value: marked.id, path: formatPath([...marked.path, "default"]) };
}

/**
 * The entry of an account's agent.
 *
 * @param agentId the account's, normalised; without one, it is the only agent there is
 */
export function agentOf(
  listed: readonly ListedAgent[],
  agentId: string | undefined,
): ListedAgent | undefined {
  if (agentId !== undefined) return listed.find(({ id }) => id === agentId);
  return listed.length === 1 ? listed[0] : undefined;
}
