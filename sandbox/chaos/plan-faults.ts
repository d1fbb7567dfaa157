import type { Fault } from "../clickclack/pipeline/faults.ts";
import { BOTS, type BotName, SOCKET_BOTS } from "./cast.ts";
import type { CallbackFault } from "./plan-callbacks.ts";
import type { Random } from "./random.ts";

/** Which of a bot's requests to ClickClack a fault waits for. */
export const AIMS = {
  read: { method: "GET", path: "^/api/messages/msg_[^/]+$" },
  post: { method: "POST", path: "/(messages|thread/replies)$" },
  history: { method: "GET", path: "^/api/(channels|dms)/[^/]+/messages$|/thread$" },
  sweep: { method: "GET", path: "^/api/realtime/events$" },
  handshake: { method: "GET", path: "^/api/realtime/ws$" },
  /** Where a send goes, and whether it is there already; a resync asks for some of it as well. */
  lookup: { path: "^/api/(dms|messages/by-nonce|workspaces/[^/]+/(channels|members))$" },
  any: { path: "^/api/" },
} as const;
export type Aim = keyof typeof AIMS;

/** Something that goes wrong at ClickClack, for one bot or for all, on its way to the Worker, or at the gateway. */
export type FaultPlan = { readonly atMs: number } & (
  | {
      readonly kind: "request";
      readonly name: RequestFaultName;
      readonly bot: BotName;
      readonly aim: Aim;
      readonly times: number;
      readonly fault: Fault;
    }
  | { readonly kind: "socket"; readonly name: "socket dropped"; readonly bot: BotName }
  | {
      readonly kind: "socket";
      readonly name: "closed with 1013" | "closed with 4001";
      readonly bot: BotName;
      readonly code: number;
    }
  | { readonly kind: "spell"; readonly name: SpellName; readonly bot: BotName; readonly forMs: number }
  | { readonly kind: "drain"; readonly name: "gateway draining"; readonly forMs: number }
  | {
      readonly kind: "pruning";
      readonly name: "log pruned";
      /** How many events are left. */
      readonly keep: number;
      /**
       * For how long nothing reaches the bots before: sockets are deaf, and then break together with it, callbacks are
       * lost and the log cannot be read, so that what they did not bring is in it no more; absent: all stays as it is.
       */
      readonly missedMs?: number;
    }
  | CallbackFault
);

export type RequestFaultName =
  | "503"
  | "503 with Retry-After"
  | "502 page"
  | "connection dropped"
  | "answer lost after commit"
  | "slow request"
  | "hung request";

/** What a bot's sockets do for a while. */
export const SPELLS = ["duplicate", "reorder", "deaf", "stalled"] as const;
export type SpellName = (typeof SPELLS)[number];

interface RequestFaultKind {
  readonly name: RequestFaultName;
  readonly aims: readonly Aim[];
  readonly timesMax: number;
  readonly fault: (random: Random) => Fault;
}

/** Most faults are for work on messages: a Worker that cannot even link meets no others. */
const ALL_AIMS: readonly Aim[] = [
  "read",
  "read",
  "post",
  "post",
  "history",
  "history",
  "sweep",
  "handshake",
  "lookup",
  "any",
];
const QUICK: readonly RequestFaultKind[] = [
  { name: "503", aims: ALL_AIMS, timesMax: 2, fault: () => ({ kind: "status", status: 503 }) },
  {
    name: "503 with Retry-After",
    aims: ALL_AIMS,
    timesMax: 2,
    fault: (random) => ({
      kind: "status",
      status: 503,
      headers: { "Retry-After": String(random.whole(1, 3)) },
    }),
  },
  { name: "502 page", aims: ALL_AIMS, timesMax: 2, fault: () => ({ kind: "html", status: 502 }) },
  { name: "connection dropped", aims: ALL_AIMS, timesMax: 2, fault: () => ({ kind: "drop" }) },
  {
    name: "answer lost after commit",
    aims: ["post"],
    timesMax: 2,
    fault: () => ({ kind: "drop_after_commit" }),
  },
  {
    name: "slow request",
    aims: ALL_AIMS,
    timesMax: 3,
    fault: (random) => ({ kind: "delay", ms: random.whole(200, 3_000) }),
  },
];
/** The Worker waits ten seconds for each, so they are few, and none comes late. */
const HUNG: RequestFaultKind = {
  name: "hung request",
  aims: ["read", "post", "history", "sweep", "handshake", "lookup"],
  timesMax: 1,
  fault: () => ({ kind: "hang" }),
};

/**
 * Messages at the head of a stuck conversation meet most of the faults, after each kill again, and wait longer each time:
 * more faults than these would prove patience and nothing else.
 */
const MS_A_REQUEST_FAULT = 1_600;
const MS_A_HUNG_REQUEST = 18_000;
const MS_A_SOCKET_FAULT = 7_000;
const MS_A_SPELL = 6_000;
const MS_A_DRAIN = 20_000;
/** The Worker takes a second to read everything again, and meets the faults that wait meanwhile. */
const MS_A_PRUNING = 10_000;
const KEEP_MAX = 20;
/**
 * From this length on a run ends with a deaf socket, which costs up to a watchdog's interval of 45 s, and with a gateway
 * that drains: no kill comes after that any more which would get a Worker going that had forgotten who waits.
 */
const LAST_FAULTS_FROM_MS = 60_000;
const DEAF_END_MS = 70_000;
const DRAIN_END_MS = 20_000;

/** Decides what goes wrong when. Ascending by time. */
export function planFaults(random: Random, durationMs: number): FaultPlan[] {
  const many = (everyMs: number) => Math.max(1, Math.round(durationMs / everyMs));
  const plans: FaultPlan[] = [
    ...requestFaults(random, QUICK, many(MS_A_REQUEST_FAULT), durationMs),
    ...requestFaults(random, [HUNG], many(MS_A_HUNG_REQUEST), durationMs * 0.7),
    ...socketFaults(random, many(MS_A_SOCKET_FAULT), durationMs),
    ...spells(random, many(MS_A_SPELL), durationMs),
    ...random.moments(many(MS_A_DRAIN), 0, durationMs).map((atMs) => ({
      kind: "drain" as const,
      name: "gateway draining" as const,
      atMs,
      forMs: random.whole(500, 4_000),
    })),
    ...prunings(random, many(MS_A_PRUNING), durationMs),
  ];
  if (durationMs >= LAST_FAULTS_FROM_MS) plans.push(...lastFaults(random, durationMs));
  return plans.sort((one, other) => one.atMs - other.atMs);
}

function lastFaults(random: Random, durationMs: number): FaultPlan[] {
  const atMs = () => durationMs - random.whole(1_000, 4_000);
  return [
    { kind: "spell", name: "deaf", bot: random.pick(SOCKET_BOTS), atMs: atMs(), forMs: DEAF_END_MS },
    { kind: "drain", name: "gateway draining", atMs: atMs(), forMs: DRAIN_END_MS },
  ];
}

function requestFaults(
  random: Random,
  kinds: readonly RequestFaultKind[],
  count: number,
  untilMs: number,
): FaultPlan[] {
  const dealt = random.deal(kinds, count);
  return random.moments(count, 0, untilMs).flatMap((atMs, index) => {
    const kind = dealt[index];
    if (kind === undefined) return [];
    const bot = random.pick(BOTS);
    const hasSocket = SOCKET_BOTS.includes(bot);
    return {
      kind: "request" as const,
      name: kind.name,
      bot,
      atMs,
      aim: random.pick(kind.aims.filter((aim) => hasSocket || aim !== "handshake")),
      times: random.whole(1, kind.timesMax),
      fault: kind.fault(random),
    };
  });
}

function socketFaults(random: Random, count: number, durationMs: number): FaultPlan[] {
  const dealt = random.deal([undefined, 1013, 4001] as const, count);
  return random.moments(count, 0, durationMs).map((atMs, index) => {
    const code = dealt[index];
    const bot = random.pick(SOCKET_BOTS);
    if (code === undefined) return { kind: "socket", name: "socket dropped", bot, atMs };
    return { kind: "socket", name: code === 1013 ? "closed with 1013" : "closed with 4001", code, bot, atMs };
  });
}

function prunings(random: Random, count: number, durationMs: number): FaultPlan[] {
  const dealt = random.deal(["deaf", "deaf", "at once", "alone"] as const, count);
  return random.moments(count, 0, durationMs).map((atMs, index) => {
    const keep = random.whole(0, KEEP_MAX);
    const plan = { kind: "pruning" as const, name: "log pruned" as const, atMs, keep };
    if (dealt[index] === "alone") return plan;
    return { ...plan, missedMs: dealt[index] === "deaf" ? random.whole(200, 2_000) : 0 };
  });
}

function spells(random: Random, count: number, durationMs: number): FaultPlan[] {
  const dealt = random.deal(SPELLS, count);
  return random.moments(count, 0, durationMs).map((atMs, index) => ({
    kind: "spell",
    name: dealt[index] ?? "duplicate",
    bot: random.pick(SOCKET_BOTS),
    atMs,
    forMs: random.whole(1_500, 6_000),
  }));
}
