import type { AdmitReason, DropReason } from "../domain/admission.ts";
import type { BotCommandName } from "../domain/bot-command.ts";
import type { Admission } from "./journal.ts";
import { workOf } from "./journal-row.ts";
import type { Restored } from "./lane.ts";

/** What a turn is doing or how it ended. */
export type TurnState = "waiting" | "running" | "answered" | "silent" | "cancelled" | "dead";

/** Why a turn is silent or was cancelled. */
export type EndReason = DropReason | "no_reply" | "no_text" | "no_place" | "stopped";

/** What earlier attempts left behind. */
export interface Claim {
  /** Times that the turn was begun, this one included. */
  attempts: number;
  /** How many of the earlier ones reached the agent and failed there. */
  runs: number;
  /** Unix ms. */
  admittedAt: number;
  /** The last run whose answer may stand in the session's history. */
  lostRun?: { sessionKey: string; runId: string };
}

/** A turn as the table has it. */
export interface Turn extends Omit<Claim, "lostRun"> {
  state: TurnState;
  /** Why it is silent, cancelled or dead, as a word. */
  reason?: string | undefined;
  /** Of the last attempt that failed. */
  error?: string | undefined;
  run?: { id: string; session: string } | undefined;
  /** Absent from one that an earlier version admitted. */
  admission?: Admission | undefined;
  /** Unix ms. */
  settledAt?: number | undefined;
}

export type TurnRow = {
  message_id: string;
  conversation: string;
  cursor: string;
  correlation_id: string | null;
  state: TurnState;
  reason: string | null;
  error: string | null;
  attempts: number;
  runs: number;
  due_at: number;
  admitted_at: number;
  session_key: string | null;
  run_id: string | null;
  settled_at: number | null;
  admitted_as: AdmitReason | null;
  setting: string | null;
  command: BotCommandName | null;
};

/** Its place in line, and whether it was begun. */
export function restoredOf(row: TurnRow): Restored {
  return { ...workOf(row), admission: admissionOf(row), begun: row.state === "running" || row.attempts > 0 };
}

function admissionOf({ admitted_as: as, setting, command }: TurnRow): Admission | undefined {
  if (as === null) return undefined;
  return { as, setting: setting ?? "", ...(command !== null && { command }) };
}

export function turnOf(row: TurnRow): Turn {
  return {
    state: row.state,
    reason: row.reason ?? undefined,
    error: row.error ?? undefined,
    attempts: row.attempts,
    runs: row.runs,
    admittedAt: row.admitted_at,
    run:
      row.run_id !== null && row.session_key !== null
        ? { id: row.run_id, session: row.session_key }
        : undefined,
    settledAt: row.settled_at ?? undefined,
    admission: admissionOf(row),
  };
}
