/** What one round of requests took. */
export interface Round {
  p50Ms: number;
  p99Ms: number;
  perSecond: number;
}

/** @param tookMs of each request @param wholeMs of the round */
export function roundOf(tookMs: readonly number[], wholeMs: number): Round {
  const sorted = [...tookMs].sort((a, b) => a - b);
  return {
    p50Ms: rank(sorted, 0.5),
    p99Ms: rank(sorted, 0.99),
    perSecond: (1000 * tookMs.length) / wholeMs,
  };
}

/** Figure by figure, so that one round that something else disturbed does not count. */
export function medianOf(rounds: readonly Round[]): Round {
  const median = (key: keyof Round) =>
    rank(
      rounds.map((round) => round[key]).sort((a, b) => a - b),
      0.5,
    );
  return { p50Ms: median("p50Ms"), p99Ms: median("p99Ms"), perSecond: median("perSecond") };
}

/** The smallest value that so large a share is not above. */
function rank(sorted: readonly number[], share: number): number {
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error("there is nothing to take a figure of");
  return value;
}
