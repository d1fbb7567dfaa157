import { randomUUID } from "node:crypto";
import type { Gateway } from "./gateway.ts";
import { invalidRequest } from "./respond.ts";
import { INTERNAL_ERROR, type RunFailure } from "./run-failure.ts";

const RESERVED = /^(subagent|cron|acp):/;
const HARNESS = /^harness:/;
const AGENT_KEY = /^agent:([^:]+):(.+)$/;

/** The session of a completion, and the agent that runs it: the agent inside a key wins over any other naming. */
export interface SessionAddress {
  readonly key: string;
  readonly agent: string;
}

/**
 * The stored session key: the header, else `user`, else a fresh one. Keys are lower-cased.
 *
 * @param agent the agent that the request names, owner of keys that name none
 * @returns the failure of the run for a key that OpenClaw lets in and then fails on: malformed, of an unknown agent, or
 *   without an agent where there are several.
 * @throws {Refusal} 400 for the reserved namespaces (`subagent:`, `cron:`, `acp:`, harness-owned keys).
 */
export function resolveSessionKey(
  gateway: Gateway,
  agent: string,
  header: string,
  user: string | undefined,
): SessionAddress | RunFailure {
  if (!header) {
    const rest = user?.trim() ? `openai-user:${user.trim().toLowerCase()}` : `openai:${randomUUID()}`;
    return { key: `agent:${agent}:${rest}`, agent };
  }
  const key = header.toLowerCase();
  const [, keyAgent, rest] = AGENT_KEY.exec(key) ?? [];
  const name = rest ?? key;
  if (RESERVED.test(name) || HARNESS.test(name)) {
    throw invalidRequest("`x-openclaw-session-key` cannot use reserved internal session namespaces.");
  }
  if (keyAgent !== undefined) {
    return gateway.agents.includes(keyAgent) ? { key, agent: keyAgent } : unknownAgent(keyAgent);
  }
  if (key.startsWith("agent:") || gateway.agents.length > 1) return INTERNAL_ERROR;
  return { key: `agent:${agent}:${key}`, agent };
}

/** Only a stream names the agent. */
function unknownAgent(agent: string): RunFailure {
  const message = `Agent ${agent} is not present in the configured roster.`;
  return { ...INTERNAL_ERROR, streamError: { message, type: "api_error" } };
}
