import type { Inbound } from "../config/types.ts";
import type { EventCount } from "../observe/account-log.ts";
import type { Auditor, CallbackCounts, RoadAudit } from "./audit.ts";
import type { AccountContext } from "./context.ts";
import type { Gap, Owner } from "./facts.ts";
import type { Intake, RoadCounts } from "./intake.ts";
import type { Road } from "./journal.ts";
import type { Link } from "./link.ts";
import { isUp, type LinkStatus } from "./link-state.ts";
import type { Outage } from "./outage.ts";
import type { TurnState } from "./turn-row.ts";

/** What an account can say of itself. Plain data, because it crosses RPC; no secret and no message text. */
export interface AccountStatus {
  inbound: Inbound;
  link: LinkStatus;
  /** As last seen; absent before the first start. */
  identity?: { id: string; handle: string; displayName: string; owner?: Owner };
  workspace?: { id: string; slug: string; name: string };
  /** Everything up to here was taken in. */
  cursor?: string;
  /** The last interval whose messages may not all have been seen. */
  gap?: Gap;
  turns: Record<TurnState, number>;
  /** Whether its agents can be reached, as of the last question. */
  gateway: GatewayStatus;
  /** Messages that got no turn, turns without an answer, and what was given up, each by why. */
  dropped: Record<string, number>;
  silent: Record<string, number>;
  cancelled: Record<string, number>;
  dead: Record<string, number>;
  /** Since the object last started. */
  roads: Record<Road, RoadCounts>;
  /** What the roads brought and let pass, as the journal remembers it. */
  audit: RoadAudit;
  callbacks: CallbackCounts;
}

/** What an account counts. Plain data, because it crosses RPC. */
export interface AccountMetrics {
  /** When the counting began, Unix ms. */
  startedAt: number;
  linked: boolean;
  reachable: boolean;
  running: number;
  waiting: number;
  rowsWritten: number;
  roads: Record<Road, RoadCounts>;
  /** As of a minute ago at most. Absent from an object that still runs the version before. */
  audit?: RoadAudit;
  callbacks?: CallbackCounts;
  events: EventCount[];
}

/** Where the way to the gateway stands. */
export interface GatewayStatus {
  reachable: boolean;
  /** Since when it is not, Unix ms. */
  since?: number;
  reason?: string;
  error?: string;
  /** When it is tried again, Unix ms; until then every question waits. */
  retryAt?: number;
  /** Conversations that were told. */
  told?: number;
}

export function accountStatus(
  context: AccountContext,
  link: Link,
  intake: Intake,
  outage: Outage,
  auditor: Auditor,
): AccountStatus {
  const { account, facts, turns, journal } = context;
  const identity = facts.get("identity");
  const cursor = facts.get("cursor");
  const gap = facts.get("gap");
  return {
    inbound: account.inbound,
    link: link.status,
    ...(identity !== undefined && {
      identity: {
        id: identity.botUserId,
        handle: identity.handle,
        displayName: identity.displayName,
        ...(identity.owner && { owner: identity.owner }),
      },
      workspace: { id: identity.workspaceId, slug: identity.workspaceSlug, name: identity.workspaceName },
    }),
    ...(cursor !== undefined && { cursor }),
    ...(gap !== undefined && { gap }),
    turns: turns.countByState(),
    gateway: gatewayStatus(outage),
    dropped: journal.countByReason("dropped"),
    silent: turns.countByReason("silent"),
    cancelled: turns.countByReason("cancelled"),
    dead: sum(journal.countByReason("dead"), turns.countByReason("dead")),
    roads: intake.roads,
    ...auditor.read(),
  };
}

/** What an account can be asked for often: nothing of it is read from the tables each time. */
export function accountMetrics(link: Link, intake: Intake, outage: Outage, auditor: Auditor) {
  return {
    linked: isUp(link.status),
    reachable: outage.current === undefined,
    roads: intake.roads,
    ...auditor.recent(),
  };
}

function gatewayStatus({ current, error, isOpen, probeAt }: Outage): GatewayStatus {
  if (current === undefined) return { reachable: true };
  return {
    reachable: false,
    since: current.since,
    reason: current.reason,
    told: current.told.length,
    ...(error !== undefined && { error }),
    ...(isOpen && probeAt !== undefined && { retryAt: probeAt }),
  };
}

function sum(a: Record<string, number>, b: Record<string, number>): Record<string, number> {
  const both = { ...a };
  for (const [key, count] of Object.entries(b)) both[key] = (both[key] ?? 0) + count;
  return both;
}
