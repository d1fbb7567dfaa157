import type { Gateway } from "./gateway.ts";

/** `GET /healthz`: the listener is up. */
export const LIVE = { ok: true, status: "live" } as const;

/** OpenClaw reports on its event loop to callers on the same machine. A stand-in is always at rest. */
const EVENT_LOOP = {
  degraded: false,
  degradedSinceMs: null,
  reasons: [],
  intervalMs: 1000,
  delayP99Ms: 0,
  delayMaxMs: 0,
  utilization: 0,
  cpuCoreRatio: 0,
  cpuBreakdown: {
    mainThreadCoreRatio: 0,
    hostUtilization: 0,
    hostCpuCount: 1,
    workerCoreRatio: 0,
    otherThreadsCoreRatio: 0,
  },
} as const;

/** `GET /readyz`: whether the gateway takes requests, and what is in the way. */
export function readiness(gateway: Gateway): { ready: boolean } & Record<string, unknown> {
  return {
    ready: !gateway.draining,
    failing: gateway.draining ? ["gateway-draining"] : [],
    uptimeMs: Date.now() - gateway.startedAt,
    eventLoop: EVENT_LOOP,
  };
}
