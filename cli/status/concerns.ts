import { faultText } from "../document.ts";
import { moment, span } from "../times.ts";
import type { AccountAnswer } from "../worker/answers.ts";

/** Something about an account that somebody should know. */
export interface Concern {
  /** Whether something is not well; otherwise it is worth a look. */
  isFault: boolean;
  text: string;
}

/** What happened longer ago is a matter of the past; it is told, and nothing is made of it. */
const RECENT_MS = 24 * 3_600_000;
/** With these the link is up, or will be in a moment. */
const WELL_LINKS = ["linked", "sweeping"];

/**
 * What is not well with an account, and what is worth a look, the worst first.
 *
 * @param now Unix ms
 */
export function concernsOf(account: AccountAnswer, now: number): Concern[] {
  // Nothing is expected of an account that is switched off.
  if (!account.enabled) return [];
  const found = [
    ...ofConfiguration(account),
    ...ofLink(account, now),
    ...ofGateway(account, now),
    ...ofDead(account),
    ...ofGap(account, now),
    ...ofCallbacks(account, now),
    ...account.warnings.map((warning) => ({ isFault: false, text: faultText(warning) })),
  ];
  return found.sort((a, b) => Number(b.isFault) - Number(a.isFault));
}

function ofConfiguration({ reason, faults, configured }: AccountAnswer): Concern[] {
  if (faults.length > 0) return faults.map((fault) => ({ isFault: true, text: faultText(fault) }));
  if (reason === undefined) return configured ? [] : [{ isFault: true, text: "it is not configured" }];
  const text = reason === "no answer" ? "its object does not answer; the Worker's log says why" : reason;
  return [{ isFault: true, text }];
}

function ofLink({ link, reason }: AccountAnswer, now: number): Concern[] {
  if (link === undefined || reason !== undefined || WELL_LINKS.includes(link.state)) return [];
  const why = link.error ?? link.reason ?? "it comes up within a minute";
  const again =
    link.retryAt === undefined || link.retryAt <= now ? "" : `; again in ${span(link.retryAt - now)}`;
  return [{ isFault: true, text: `ClickClack: ${link.state} for ${span(now - link.since)}: ${why}${again}` }];
}

function ofGateway({ gateway }: AccountAnswer, now: number): Concern[] {
  if (gateway === undefined || gateway.reachable) return [];
  const since = gateway.since === undefined ? "" : ` for ${span(now - gateway.since)}`;
  return [
    {
      isFault: true,
      text: `OpenClaw: out of reach${since}: ${gateway.error ?? gateway.reason ?? "no answer"}`,
    },
  ];
}

function ofDead({ id, dead = {} }: AccountAnswer): Concern[] {
  const total = sum(dead);
  if (total === 0) return [];
  const reasons = Object.entries(dead).map(([reason, count]) => `${reason} ${count}`);
  return [{ isFault: true, text: `given up: ${total} (${reasons.join(", ")}); see "dead list ${id}"` }];
}

function ofGap({ gap }: AccountAnswer, now: number): Concern[] {
  if (gap === undefined || gap.uncovered.length === 0) return [];
  const places = gap.uncovered.map(({ conversation, reason }) => `${conversation} ${reason}`).join(", ");
  const text = `some messages before ${moment(gap.at)} may not have been seen: ${places}`;
  return [{ isFault: now - gap.at < RECENT_MS, text }];
}

function ofCallbacks({ callbacks }: AccountAnswer, now: number): Concern[] {
  return (callbacks?.refused ?? []).map(({ kind, reason, count, lastAt }) => ({
    isFault: now - lastAt < RECENT_MS && !HARMLESS.includes(reason),
    text: `callbacks refused: ${kind} ${reason} ${count}, last ${span(now - lastAt)} ago`,
  }));
}

/** A stranger, or ClickClack after a restart, may send the same request again; that it is refused is as it should be. */
const HARMLESS = ["replayed", "unknown_account"];

export function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
