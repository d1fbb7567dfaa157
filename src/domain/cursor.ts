const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const PREFIX = "cur_";
const TIME_CHARS = 10;

/** The later of two cursors. Cursors compare as strings; the empty one stands before everything. */
export function laterCursor(a: string, b: string): string {
  return a > b ? a : b;
}

/**
 * A cursor some time before another, for reading again what may have been published out of order. A cursor is `cur_`
 * and a ULID, whose first ten characters count milliseconds. ClickClack's event pages take any string and only compare
 * it; its WebSocket does not, so an overlapped cursor is for pages alone.
 *
 * @param cursor where to step back from; one that is not a ULID is returned as it is
 * @param byMs how far to step back, milliseconds
 * @param floor never step back before this cursor
 */
export function overlapCursor(cursor: string, byMs: number, floor: string): string {
  const time = cursorTimeMs(cursor);
  if (time === undefined) return cursor;
  const earlier = PREFIX + encodeTime(Math.max(0, time - byMs)) + "0".repeat(16);
  return laterCursor(earlier, floor);
}

/** When a cursor was made, Unix milliseconds; undefined for one that is not a ULID. */
export function cursorTimeMs(cursor: string): number | undefined {
  if (!cursor.startsWith(PREFIX) || cursor.length !== PREFIX.length + 26) return undefined;
  let time = 0;
  for (const char of cursor.slice(PREFIX.length, PREFIX.length + TIME_CHARS)) {
    const digit = ALPHABET.indexOf(char);
    if (digit < 0) return undefined;
    time = time * 32 + digit;
  }
  return time;
}

function encodeTime(time: number): string {
  let rest = time;
  let text = "";
  for (let i = 0; i < TIME_CHARS; i++) {
    text = ALPHABET.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
