const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });

const DAY_MS = 86_400_000;

/** @param {string} timestamp */
export const timeOf = (timestamp) => clock.format(new Date(timestamp));

/** @param {string} timestamp */
export const fullTimeOf = (timestamp) => full.format(new Date(timestamp));

/** Returns a day as people say it. @param {string} timestamp */
export function dayOf(timestamp) {
  const date = new Date(timestamp);
  if (isSameDay(date, new Date())) return "Today";
  if (isSameDay(date, new Date(Date.now() - DAY_MS))) return "Yesterday";
  return day.format(date);
}

/** @param {Date} one @param {Date} other */
const isSameDay = (one, other) => one.toDateString() === other.toDateString();
