import type { AccountContext } from "./context.ts";
import type { Gap } from "./facts.ts";
import type { Intake, RoadCounts } from "./intake.ts";
import type { Road } from "./journal.ts";
import type { Link, LinkStatus } from "./link.ts";
import type { Outage } from "./outage.ts";
import type { TurnState } from "./turns.ts";

/** What an account can say of itself. Plain data, because it crosses RPC; no secret and no message text. */
export interface AccountStatus {
  link: LinkStatus;
  /** As last seen; absent before the first start. */
  identity?: { id: string; handle: string; displayName: string };
  workspace?: { id: string; slug: string; name: string };
  /** Everything up to here was taken in. */
  cursor?: string;
  /** The last interval whose messages may not all have been seen. */
  gap?: Gap;
  turns: Record<TurnState, number>;
  /** Whether its agents can be reached, as of the last question. */
  gateway: GatewayStatus;
  /** Messages that got no turn, by why. */
  dropped: Record<string, number>;
  /** Messages that could not be fetched. */
  dead: number;
  /** Since the object last started. */
  roads: Record<Road, RoadCounts>;
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
): AccountStatus {
  const { facts, turns, journal } = context;
  const identity = facts.get("identity");
  const cursor = facts.get("cursor");
  const gap = facts.get("gap");
  return {
    link: link.status,
    ...(identity !== undefined && {
      identity: { id: identity.botUserId, handle: identity.handle, displayName: identity.displayName },
      workspace: { id: identity.workspaceId, slug: identity.workspaceSlug, name: identity.workspaceName },
    }),
    ...(cursor !== undefined && { cursor }),
    ...(gap !== undefined && { gap }),
    turns: turns.countByState(),
    gateway: gatewayStatus(outage),
    dropped: journal.countDropped(),
    dead: journal.countDead(),
    roads: intake.roads,
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
