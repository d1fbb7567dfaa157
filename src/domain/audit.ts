/** A road that ClickClack pushes messages over. A sweep reads what was pushed and what was not. */
export type PushRoad = "realtime" | "callback";

/** Messages that came alike. */
export interface Brought {
  /** The road that brought them first. */
  first: string;
  /** Every road that brought them; a sweep only where it was the first. */
  by: readonly string[];
  /** In a direct conversation. */
  direct: boolean;
  count: number;
}

/** What the roads brought and let pass. */
export interface Audit {
  messages: number;
  /** How many each road brought before any other. */
  first: Record<string, number>;
  /** How many came by this road alone of two that should have brought them. */
  only: Record<PushRoad, number>;
  /** How many came over no road that should have brought them, and were found in the log of events or in the lists. */
  repaired: number;
}

/**
 * Holds what the roads brought against what they should have brought.
 *
 * @param inbound the roads that are there; no callback tells of direct conversations, by any of ClickClack's rules
 */
export function auditOf(groups: readonly Brought[], inbound: readonly PushRoad[]): Audit {
  const audit: Audit = { messages: 0, first: {}, only: { realtime: 0, callback: 0 }, repaired: 0 };
  for (const { first, by, direct, count } of groups) {
    audit.messages += count;
    audit.first[first] = (audit.first[first] ?? 0) + count;
    // Nothing else tells of a slash command.
    if (first === "command") continue;
    const due = inbound.filter((road) => !(direct && road === "callback"));
    const [came, ...more] = due.filter((road) => by.includes(road));
    if (came === undefined) audit.repaired += due.length === 0 ? 0 : count;
    else if (more.length === 0 && due.length > 1) audit.only[came] += count;
  }
  return audit;
}
