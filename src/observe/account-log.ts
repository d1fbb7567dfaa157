import { type AccountEvent, log } from "./log.ts";
import type { RecentLog } from "./recent-log.ts";

/** How often something was logged, since its account's object started. */
export interface EventCount {
  event: AccountEvent["event"];
  /** The event's reason word, where it has one. */
  reason?: string;
  count: number;
}

/** Writes one account's lines and counts them: the metrics are these counts, so that log and metrics cannot differ. */
export class AccountLog {
  readonly #account: string;
  readonly #counts = new Map<string, EventCount>();

  /** Its last lines, for whoever listens. */
  readonly recent: RecentLog;

  /**
   * @param account account id
   * @param recent remembers the last lines
   */
  constructor(account: string, recent: RecentLog) {
    this.#account = account;
    this.recent = recent;
  }

  write(entry: AccountEvent): void {
    const { event, ...more } = entry;
    const reason = "reason" in entry ? entry.reason : undefined;
    const key = `${event} ${reason ?? ""}`;
    const before = this.#counts.get(key)?.count ?? 0;
    this.#counts.set(key, { event, ...(reason !== undefined && { reason }), count: before + 1 });
    const line = { event, account: this.#account, ...more } as AccountEvent & { account: string };
    log(line);
    this.recent.add(line);
  }

  counts(): EventCount[] {
    return [...this.#counts.values()];
  }
}
