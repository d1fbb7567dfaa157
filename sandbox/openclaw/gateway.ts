import { randomUUID } from "node:crypto";
import { Holds } from "./holds.ts";
import { Replies } from "./replies.ts";
import { RequestLog } from "./request-log.ts";
import { Sessions } from "./sessions.ts";

/** How one gateway is configured. */
export interface GatewayOptions {
  /** Bearer token; a random one if not given. */
  readonly token?: string | undefined;
  /** Agent ids in order; `["main"]` if not given. */
  readonly agents?: readonly string[] | undefined;
  /** Backend models (`provider/model`) that `x-openclaw-model` may name; every one if not given. */
  readonly models?: readonly string[] | undefined;
  /** Addresses whose forwarding headers are believed, as `gateway.trustedProxies`; none if not given. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** How long an agent that nobody scripted thinks before it speaks, milliseconds; not at all if not given. */
  readonly thinkingMs?: number | undefined;
}

/** One gateway: its configuration, its sessions, and what a test arranged for it. Gateways share nothing. */
export class Gateway {
  readonly token: string;
  readonly agents: readonly string[];
  readonly models: readonly string[] | undefined;
  readonly trustedProxies: readonly string[];
  readonly thinkingMs: number;
  readonly sessions = new Sessions();
  readonly replies = new Replies();
  readonly holds = new Holds();
  readonly requests = new RequestLog();
  readonly startedAt = Date.now();
  /** Refuses new requests with 503, as before a restart. */
  draining = false;

  constructor(options: GatewayOptions = {}) {
    this.token = options.token ?? `sandbox-${randomUUID()}`;
    this.agents = options.agents ?? ["main"];
    this.models = options.models;
    this.trustedProxies = options.trustedProxies ?? [];
    this.thinkingMs = options.thinkingMs ?? 0;
  }
}
