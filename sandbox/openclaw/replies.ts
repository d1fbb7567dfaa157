import { randomUUID } from "node:crypto";
import type { FaultName } from "./faults.ts";

/** Which turns a rule is for. Every given part must fit; no part fits every turn. */
export interface Match {
  /** Part of the current user message, as the caller sent it. */
  readonly text?: string | undefined;
  readonly agent?: string | undefined;
  /** The whole stored session key. */
  readonly session?: string | undefined;
}

/** What a rule is held against. */
export interface Subject {
  readonly text: string;
  readonly agent: string;
  readonly session: string;
}

/** A scripted answer. */
export interface Reply {
  /** What the model says, in one piece. */
  readonly text?: string | undefined;
  /** What the model says, piece by piece; goes before `text`. */
  readonly chunks?: readonly string[] | undefined;
  /** Said before a tool call: a stream shows it, a whole answer does not. */
  readonly commentary?: string | undefined;
  /** Wait before the first piece, or before the error when there is none. */
  readonly delayMs?: number | undefined;
  /** Wait before each further piece. */
  readonly chunkDelayMs?: number | undefined;
  /** How it ends instead of well. Pieces given with it come first. */
  readonly error?: FaultName | undefined;
}

interface Rule {
  readonly id: string;
  readonly match: Match;
  readonly reply: Reply;
  left: number;
}

/** The scripted answers of one gateway. The rule added first that fits and is not used up answers. */
export class Replies {
  #rules: Rule[] = [];

  /** @param times how many turns the rule answers; without it, all */
  add(match: Match, reply: Reply, times: number | undefined): string {
    const id = randomUUID();
    this.#rules.push({ id, match, reply, left: times ?? Number.POSITIVE_INFINITY });
    return id;
  }

  /** The answer for a turn, counted against its rule. */
  take(subject: Subject): Reply | undefined {
    const rule = this.#rules.find(({ left, match }) => left > 0 && fits(match, subject));
    if (!rule) return undefined;
    rule.left -= 1;
    return rule.reply;
  }

  /** Removes one rule, or all. */
  remove(id?: string): void {
    this.#rules = id === undefined ? [] : this.#rules.filter((rule) => rule.id !== id);
  }
}

/** Whether a rule is for this turn. */
export function fits(match: Match, { text, agent, session }: Subject): boolean {
  return (
    (match.text === undefined || text.includes(match.text)) &&
    (match.agent === undefined || match.agent === agent) &&
    (match.session === undefined || match.session === session)
  );
}
