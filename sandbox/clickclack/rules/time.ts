const NS_PER_SECOND = 1_000_000_000n;

/**
 * Returns a timestamp as ClickClack writes it: RFC 3339 in UTC, up to nine fractional digits, trailing zeros trimmed.
 *
 * Because of the trimming, comparing two of them as strings is not chronological.
 *
 * @param ns nanoseconds since 1970
 */
export function rfc3339(ns: bigint): string {
  const seconds = new Date(Number(ns / NS_PER_SECOND) * 1000).toISOString().slice(0, 19);
  const fraction = String(ns % NS_PER_SECOND)
    .padStart(9, "0")
    .replace(/0+$/, "");
  return fraction === "" ? `${seconds}Z` : `${seconds}.${fraction}Z`;
}

/**
 * Returns the id of an ephemeral event, which is nothing but a time: `eph_YYYYMMDDhhmmss.nnnnnnnnn`.
 *
 * @param ns nanoseconds since 1970
 */
export function ephemeralId(ns: bigint): string {
  const digits = new Date(Number(ns / NS_PER_SECOND) * 1000).toISOString().slice(0, 19).replace(/\D/g, "");
  return `eph_${digits}.${String(ns % NS_PER_SECOND).padStart(9, "0")}`;
}

/** Returns a clock with nanosecond steps that starts at the wall clock and never runs backwards. */
export function nanosecondClock(): () => bigint {
  const start = BigInt(Date.now()) * 1_000_000n - process.hrtime.bigint();
  return () => start + process.hrtime.bigint();
}
