import type { StoredSend } from "./sends.ts";

/** What an operator or a caller can read of a send. Plain data, because it crosses RPC; never the text. */
export interface SendState {
  id: string;
  /** The target in its canonical form. */
  to: string;
  state: "pending" | "sent" | "failed";
  /** ClickClack's message, once sent. */
  messageId?: string;
  /** The API's error code, once failed. */
  code?: string;
  /** Why it failed, or what failed last. */
  detail?: string;
  /** Tries that failed. */
  attempts: number;
  /** When it was asked for, Unix ms. */
  createdAt: number;
  /** When it is tried again, Unix ms; absent while it is tried, and while it waits behind another. */
  retryAt?: number;
}

const STATES = { pending: "pending", sent: "sent", dead: "failed" } as const;

/** @param now Unix ms */
export function sendStateOf(send: StoredSend, now: number): SendState {
  const { id, to, attempts, createdAt, postedId, code, error, dueAt } = send;
  const state = STATES[send.state];
  return {
    id,
    to,
    state,
    ...(postedId !== undefined && { messageId: postedId }),
    ...(code !== undefined && { code }),
    ...(error !== undefined && { detail: error }),
    attempts,
    createdAt,
    ...(state === "pending" && dueAt !== undefined && dueAt > now && { retryAt: dueAt }),
  };
}
