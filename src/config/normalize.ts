const VALID_ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/**
 * OpenClaw's form of an account's or agent's id: lower case, other characters as dashes, at most 64.
 *
 * @returns an empty text for what leaves nothing
 */
export function normalizeId(written: string): string {
  const lower = written.trim().toLowerCase();
  if (VALID_ID.test(lower)) return lower;
  return lower
    .replace(/[^a-z0-9_-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 64);
}
