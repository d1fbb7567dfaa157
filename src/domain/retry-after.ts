/**
 * Reads a Retry-After header of delta seconds. The date form is not read: neither remote sends it, and it would need a
 * clock that agrees with theirs.
 *
 * @returns milliseconds, at most about eleven days, or undefined
 */
export function retryAfterMs(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : undefined;
}
