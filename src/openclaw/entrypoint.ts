import { WorkerEntrypoint } from "cloudflare:workers";
import { configOf } from "../config/current.ts";
import { type CompletionOutcome, complete } from "./completion.ts";
import { failure } from "./errors.ts";
import type { GatewayPeer } from "./gateway.ts";
import type { Question } from "./question.ts";
import { type AgentOutcome, onlyAgent, type RecoverOutcome, recoverRun } from "./read.ts";

/**
 * Calls to the OpenClaw gateway, outside the Durable Object on purpose: a streaming body that ends within it can take
 * its realtime socket down (cloudflare/workerd#6774), and connections count per object. Stateless; the gateway's token
 * is read here and never crosses RPC.
 */
export class Completion extends WorkerEntrypoint<object> {
  /** @see {@link complete} */
  async complete(
    question: Question,
    onRun: (runId: string) => void | Promise<void>,
  ): Promise<CompletionOutcome> {
    const peer = this.#peer();
    return peer === undefined ? NOT_CONFIGURED : complete(peer, question, onRun);
  }

  /** @see {@link onlyAgent} */
  async onlyAgent(): Promise<AgentOutcome> {
    const peer = this.#peer();
    return peer === undefined ? NOT_CONFIGURED : onlyAgent(peer);
  }

  /** @see {@link recoverRun} */
  async recoverRun(sessionKey: string, runId: string): Promise<RecoverOutcome> {
    const peer = this.#peer();
    return peer === undefined ? NOT_CONFIGURED : recoverRun(peer, sessionKey, runId);
  }

  #peer(): GatewayPeer | undefined {
    const loaded = configOf(this.env);
    if (!loaded.ok || loaded.config.gateway === undefined) return undefined;
    return { ...loaded.config.gateway, access: loaded.config.access.gateway };
  }
}

const NOT_CONFIGURED = {
  kind: "failed",
  failure: failure("unreachable", "gateway.remote is not configured"),
} as const;
