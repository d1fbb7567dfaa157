import { ClickClackError } from "../clickclack/errors.ts";
import type { TokenRefusal } from "../clickclack/refused-token.ts";
import { WorkspaceNotFound } from "./directory.ts";
import { TokenRefused } from "./token-refusal.ts";

/** Where an account's way to its messages stands. */
export type LinkState =
  /** Not started since the object was. */
  | "down"
  | "connecting"
  /** The realtime connection is up. */
  | "linked"
  /** There is no realtime connection by configuration; callbacks come, and the events are read on schedule. */
  | "sweeping"
  /** Lost; comes back by itself. */
  | "reconnecting"
  /** Refused; comes back once somebody mends it. */
  | "refused";

/** Why a link is not up, in words that an operator can look up. */
export type LinkReason =
  | ClickClackError["failure"]
  | "workspace_not_found"
  | "closed"
  | "resync"
  | "overflow"
  | "revoked"
  | TokenRefusal;

/** What an operator sees of the link. Plain data: it is stored, and crosses RPC. */
export interface LinkStatus {
  state: LinkState;
  /** Unix ms. */
  since: number;
  reason?: LinkReason;
  error?: string;
  /** Unix ms; set while a retry is waited for. */
  retryAt?: number;
}

/** Whether messages come in. */
export function isUp({ state }: Pick<LinkStatus, "state">): boolean {
  return state === "linked" || state === "sweeping";
}

/** What to do about a failed start of the link. */
export interface LinkFailure {
  reason: LinkReason;
  /** Nothing to wait for but an operator: retried slowly. */
  refused: boolean;
  retryAfterMs?: number | undefined;
}

/** Tells a passing trouble from one that somebody has to mend. */
export function linkFailure(error: unknown): LinkFailure {
  if (error instanceof WorkspaceNotFound) return { reason: "workspace_not_found", refused: true };
  if (error instanceof TokenRefused) return { reason: error.reason, refused: true };
  if (error instanceof ClickClackError)
    return { reason: error.failure, refused: !error.retryable, retryAfterMs: error.retryAfterMs };
  return { reason: "unavailable", refused: false };
}

/** What to do after the socket has closed. */
export type AfterClose = "now" | "resync" | "backoff" | "refused";

/**
 * What a close code asks for. 1013 says that we were too slow for ClickClack's buffer of 32 events, or that its replay
 * broke: come back at once, the sweep fills what is between. 4001 says that the cursor cannot be replayed. 1008 says
 * that the bot is no longer a member.
 */
export function afterClose(code: number): { next: AfterClose; reason: LinkReason } {
  switch (code) {
    case 1013:
      return { next: "now", reason: "overflow" };
    case 4001:
      return { next: "resync", reason: "resync" };
    case 1008:
      return { next: "refused", reason: "revoked" };
    default:
      return { next: "backoff", reason: "closed" };
  }
}
