import type { MediaFaultCode } from "../clickclack/media-fault.ts";
import type { UploadOutcome, UploadTarget } from "../clickclack/upload.ts";
import type { MediaFile } from "../domain/media.ts";

/** A send that somebody asked for. Plain data, because it crosses RPC. */
export interface SendRequest {
  /** A target; absent for the account's `defaultTo`. */
  to?: string | undefined;
  /** May be absent where there are files. */
  text?: string | undefined;
  /** Message to quote. */
  replyTo?: string | undefined;
  /** Files that go along; their data does not. */
  media?: readonly MediaFile[] | undefined;
  /** The caller's `Idempotency-Key`. */
  idempotencyKey?: string | undefined;
}

/**
 * Uploads a file whose data came with the request. Whoever has the request has the data: it never goes through the
 * account's object.
 *
 * @param index of the file in the request
 */
export type UploadInline = (index: number, target: UploadTarget) => Promise<UploadOutcome>;

/** Why a send was not made. The words are the API's error codes and stable. */
export type SendProblemCode =
  | "invalid_target"
  | "invalid_request"
  | "workspace_not_found"
  | "channel_not_found"
  | "user_not_found"
  | "thread_not_found"
  | "missing_scope"
  | "token_rejected"
  | "refused"
  | "no_active_recipient"
  | "too_large"
  | "upload_quota"
  | MediaFaultCode
  | "too_many_pending"
  | "idempotency_key_reused"
  | "clickclack_unavailable"
  | "internal"
  | "not_configured";

export interface SendProblem {
  code: SendProblemCode;
  /** For the caller to read; safe. */
  detail: string;
  /** The request's field, for `invalid_request` and what is wrong with a file. */
  field?: string;
  /** The token's missing scope, for `missing_scope`. */
  scope?: string;
  retryAfterMs?: number;
}

/** What came of a request to send. Plain data, because it crosses RPC. */
export type SendOutcome =
  | { kind: "sent"; id: string; to: string; messageId: string; replayed: boolean }
  /** It is stored, and delivered in the background. */
  | { kind: "pending"; id: string; to: string }
  | { kind: "refused"; problem: SendProblem };

export function refused(problem: SendProblem): SendOutcome {
  return { kind: "refused", problem };
}
