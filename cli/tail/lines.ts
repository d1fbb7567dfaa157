import type { LogLine } from "./follow.ts";

/** What of a line stands at its beginning, or is told by it. */
const SHOWN = ["at", "event", "account"];

/** A line of the log for people: `10:42:18 service turn:answered message=msg_… reply=msg_…`. */
export function lineText(line: LogLine, accountWidth: number): string {
  const time = new Date(line.at).toISOString().slice(11, 19);
  const more = Object.entries(line)
    .filter(([name]) => !SHOWN.includes(name))
    .map(([name, value]) => `${name}=${valueText(value)}`);
  return [time, (line.account ?? "").padEnd(accountWidth), line.event, ...more].join(" ");
}

/**
 * Whether an event is wanted.
 *
 * @param wanted whole names, or the part before or with the colon: `turn:dead`, `turn`, `turn:*`; none for all
 */
export function isWanted(event: string, wanted: readonly string[]): boolean {
  if (wanted.length === 0) return true;
  const [noun] = event.split(":");
  return wanted.some((name) => name === event || name.replace(/:\*?$/, "") === noun);
}

function valueText(value: unknown): string {
  if (typeof value === "string") return /^\S+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value);
}
