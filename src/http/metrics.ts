import { Hono } from "hono/tiny";
import { readinessOf } from "../account/readiness.ts";
import type { AccountMetrics } from "../account/status.ts";
import { configOf } from "../config/current.ts";
import type { Env } from "../env.ts";
import { type Metric, PROMETHEUS_CONTENT_TYPE, prometheusText } from "../observe/prometheus.ts";
import { askObject } from "./account.ts";
import type { AppEnv } from "./app-env.ts";
import { requireApiToken } from "./auth.ts";
import { brokenConfig, problem } from "./problem.ts";

/** What the accounts are doing, for Prometheus. Most counters begin anew when an account's object does. */
export const metrics = new Hono<AppEnv>().get("/metrics", requireApiToken, async (c) => {
  const loaded = configOf(c.env);
  if (!loaded.ok) return problem(c, brokenConfig(loaded.faults));
  const ids = [...loaded.config.accounts.keys()].filter((id) => readinessOf(loaded, id).send);
  const read = await Promise.all(ids.map(async (id) => [id, await metricsOfOne(c.env, id)] as const));
  const up: Metric = {
    name: "up",
    type: "gauge",
    help: "Whether the account's object answers.",
    samples: read.map(([account, of]) => ({ labels: { account }, value: Number(of !== undefined) })),
  };
  const known = read.filter((entry): entry is [string, AccountMetrics] => entry[1] !== undefined);
  return c.body(prometheusText([up, ...metricsOf(known)]), 200, { "content-type": PROMETHEUS_CONTENT_TYPE });
});

function metricsOfOne(env: Env, id: string): Promise<AccountMetrics | undefined> {
  return askObject(env, id, async (object) => await object.metrics());
}

function metricsOf(accounts: readonly (readonly [string, AccountMetrics])[]): Metric[] {
  const gauge = (name: string, help: string, read: (of: AccountMetrics) => number): Metric => ({
    name,
    type: "gauge",
    help,
    samples: accounts.map(([account, of]) => ({ labels: { account }, value: read(of) })),
  });
  const each = (read: (of: AccountMetrics) => Metric["samples"] | undefined): Metric["samples"] =>
    accounts.flatMap(([account, of]) =>
      (read(of) ?? []).map(({ labels, value }) => ({ labels: { account, ...labels }, value })),
    );
  return [
    gauge("linked", "Whether messages come in, over a realtime connection or by sweeps.", ({ linked }) =>
      Number(linked),
    ),
    gauge("gateway_reachable", "Whether agents can be reached.", ({ reachable }) => Number(reachable)),
    gauge("messages_running", "Messages that are being answered.", ({ running }) => running),
    gauge("messages_waiting", "Messages that wait to be decided on or answered.", ({ waiting }) => waiting),
    gauge("start_time_seconds", "When the account's object started.", ({ startedAt }) => startedAt / 1000),
    {
      name: "rows_written_total",
      type: "counter",
      help: "Rows written to storage.",
      samples: accounts.map(([account, of]) => ({ labels: { account }, value: of.rowsWritten })),
    },
    {
      name: "messages_seen_total",
      type: "counter",
      help: "Messages by the road that brought them, and whether it was the first.",
      samples: each(({ roads }) =>
        Object.entries(roads).flatMap(([road, { first, again }]) => [
          { labels: { road, first: "true" }, value: first },
          { labels: { road, first: "false" }, value: again },
        ]),
      ),
    },
    {
      name: "audit_messages",
      type: "gauge",
      help: "Remembered messages, by the road that brought them first, or alone of two that should have.",
      samples: each(({ audit }) =>
        (["first", "only"] as const).flatMap((how) =>
          Object.entries(audit?.[how] ?? {}).map(([road, value]) => ({ labels: { road, how }, value })),
        ),
      ),
    },
    gauge(
      "audit_repaired",
      "Remembered messages that no road brought that should have.",
      ({ audit }) => audit?.repaired ?? 0,
    ),
    {
      name: "callbacks_accepted",
      type: "gauge",
      help: "Remembered messages and commands that a callback told of, by the secret it was signed with.",
      samples: each(({ callbacks }) =>
        callbacks?.accepted.map(({ kind, secret, count }) => ({ labels: { kind, secret }, value: count })),
      ),
    },
    {
      name: "callbacks_refused_total",
      type: "counter",
      help: "Callbacks that were refused, by why. Outlives the account's object.",
      samples: each(({ callbacks }) =>
        callbacks?.refused.map(({ kind, reason, count }) => ({ labels: { kind, reason }, value: count })),
      ),
    },
    {
      name: "events_total",
      type: "counter",
      help: "Log events by name and reason.",
      samples: each(({ events }) =>
        events.map(({ event, reason, count }) => ({
          labels: { event, ...(reason !== undefined && { reason }) },
          value: count,
        })),
      ),
    },
  ];
}
