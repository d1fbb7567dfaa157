import type { IncomingHttpHeaders } from "node:http";
import type { Gateway } from "./gateway.ts";
import { invalidRequest } from "./respond.ts";

const AGENT_ID = /^[a-z0-9][a-z0-9_-]{0,63}$/i;
const AGENT_MODEL = /^(?:openclaw[:/]|agent:)([a-z0-9][a-z0-9_-]{0,63})$/i;

/** The provider behind the agents of this stand-in, and its model. */
export const DEFAULT_MODEL = { provider: "fake", model: "fake-1" } as const;

/** A backend model, as `provider/model` names it. */
export interface BackendModel {
  readonly provider: string;
  readonly model: string;
}

/**
 * The agent that a completion is for: `x-openclaw-agent-id` (or `x-openclaw-agent`) before `model`. `openclaw` and
 * `openclaw/default` mean the gateway's only agent.
 *
 * @throws {Refusal} 400: no such form of `model`, unknown agent, or no agent named where there are several.
 */
export function resolveAgent(gateway: Gateway, model: string, headers: IncomingHttpHeaders): string {
  const target = model.trim();
  const isDefault = target === "" || /^openclaw(\/default)?$/i.test(target);
  const fromModel = AGENT_MODEL.exec(target)?.[1];
  if (!isDefault && !fromModel) {
    throw invalidRequest("Invalid `model`. Use `openclaw` or `openclaw/<agentId>`.");
  }
  const fromHeader = headerText(headers, "x-openclaw-agent-id") || headerText(headers, "x-openclaw-agent");
  const named = fromHeader || (isDefault ? undefined : fromModel);
  if (named) {
    const agent = AGENT_ID.test(named) ? named.toLowerCase() : named;
    if (!gateway.agents.includes(agent)) throw invalidRequest(`Unknown agent '${agent}'.`);
    return agent;
  }
  const [only, ...others] = gateway.agents;
  if (only === undefined || others.length > 0) {
    throw invalidRequest(
      "Multiple agents are configured, but this operation has no explicit owner. Select an agent explicitly; CLI callers can pass --agent <id>, channels can add a binding, and ambient services can set their agentId target.",
    );
  }
  return only;
}

/**
 * The backend model of this one turn: `x-openclaw-model` as `provider/model`, or a bare id of the default provider.
 *
 * @throws {Refusal} 400: unparsable, or outside the gateway's `models` when it has such a list.
 */
export function resolveModel(gateway: Gateway, agent: string, headers: IncomingHttpHeaders): BackendModel {
  const raw = headerText(headers, "x-openclaw-model");
  if (!raw) return DEFAULT_MODEL;
  const slash = raw.indexOf("/");
  const provider = slash < 0 ? DEFAULT_MODEL.provider : raw.slice(0, slash).trim();
  const model = raw.slice(slash + 1).trim();
  if (!provider || !model) throw invalidRequest("Invalid `x-openclaw-model`.");
  const name = `${provider}/${model}`;
  if (gateway.models && !gateway.models.includes(name)) {
    throw invalidRequest(`Model '${name}' is not allowed for agent '${agent}'.`);
  }
  return { provider, model };
}

/** A header's trimmed value, or the empty string. */
export function headerText(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value)?.trim() ?? "";
}
