/** What one round of requests took. */
export interface Round {
  p50Ms: number;
  p99Ms: number;
  perSecond: number;
}

/** @param tookMs of each request @param wholeMs of the round */
export function roundOf(tookMs: readonly number[], wholeMs: number): Round {
  return {
    p50Ms: rank(tookMs, 0.5),
    p99Ms: rank(tookMs, 0.99),
    perSecond: (1000 * tookMs.length) / wholeMs,
  };
}

/** So that one round that something else disturbed does not count. */
export function medianOf(figures: readonly number[]): number {
  return rank(figures, 0.5);
}

/** Figure by figure. */
export function medianRound(rounds: readonly Round[]): Round {
  const of = (key: keyof Round) => medianOf(rounds.map((round) => round[key]));
  return { p50Ms: of("p50Ms"), p99Ms: of("p99Ms"), perSecond: of("perSecond") };
}

/** The smallest value that so large a share is not above. */
export function rank(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error("there is nothing to take a figure of");
  return value;
}
