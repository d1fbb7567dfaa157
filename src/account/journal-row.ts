import type { DeadItem } from "./dead.ts";
import type { Road, Seen, Work } from "./journal.ts";

export type JournalRow = {
  message_id: string;
  conversation: string;
  cursor: string;
  road: Road;
  also: string;
  direct: number;
  signature: string | null;
  correlation_id: string | null;
  seen_at: number;
  state: Seen["state"];
  reason: string | null;
  setting: string | null;
  error: string | null;
  attempts: number;
  due_at: number;
  retried_at: number | null;
};

/** What of a row places a message in line. */
export interface WorkRow {
  message_id: string;
  conversation: string;
  cursor: string;
  correlation_id: string | null;
  due_at: number;
}

/** Its place in line. */
export function workOf(row: WorkRow): Work {
  return {
    messageId: row.message_id,
    conversation: row.conversation,
    cursor: row.cursor,
    correlationId: row.correlation_id ?? undefined,
    dueAt: row.due_at,
  };
}

/** What was given up. @param since Unix ms */
export function deadItemOf(
  row: Pick<WorkRow, "message_id" | "conversation"> & {
    reason: string | null;
    error: string | null;
    attempts: number;
  },
  since: number,
): Omit<DeadItem, "stage"> {
  const { message_id: message, conversation, attempts } = row;
  return { message, conversation, reason: row.reason ?? "", error: row.error ?? "", attempts, since };
}

export function seenOf(row: JournalRow): Seen {
  return {
    ...workOf(row),
    road: row.road,
    also: roadsIn(row.also),
    direct: row.direct === 1,
    signatures: wordsIn(row.signature ?? ""),
    seenAt: row.seen_at,
    state: row.state,
    reason: row.reason ?? undefined,
    setting: row.setting ?? undefined,
    error: row.error ?? undefined,
    attempts: row.attempts,
    retriedAt: row.retried_at ?? undefined,
  };
}

/** @param also as the table has it */
export function roadsIn(also: string): Road[] {
  return wordsIn(also) as Road[];
}

function wordsIn(text: string): string[] {
  return text.split(" ").filter((word) => word !== "");
}
