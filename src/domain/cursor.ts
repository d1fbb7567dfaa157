const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const PREFIX = "cur_";
const TIME_CHARS = 10;
const RANDOM_CHARS = 16;
/** A message's id, or that of a slash command. */
const ASKED_ID = /^(?:msg|sci)_([0-9a-hjkmnp-tv-z]{26})$/;

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
 * @param floor never step back before this cursor; a cursor that lies before the floor itself stays where it is, for a
 *   step forward would pass over events
 */
export function overlapCursor(cursor: string, byMs: number, floor: string): string {
  const time = cursorTimeMs(cursor);
  if (time === undefined) return cursor;
  const earlier = laterCursor(cursorAt(Math.max(0, time - byMs)), floor);
  return earlier < cursor ? earlier : cursor;
}

/**
 * The point after which messages are unknown once a cursor is lost: a little before it, and never before the floor.
 *
 * It is in the space of cursors, and messages are held against it by {@link messageCursor}, so that it is the same
 * point that a sweep reads from and that the clean-up keeps rows after: what lies behind it may have been answered and
 * forgotten.
 *
 * @param cursor the lost cursor; of an empty one the floor is taken
 * @param byMs how far to step back, milliseconds
 * @param floor nothing before it is ever answered
 * @returns undefined when neither tells a time
 */
export function lastKnown(cursor: string, byMs: number, floor: string): string | undefined {
  if (cursor !== "" && cursorTimeMs(cursor) === undefined) return undefined;
  const since = laterCursor(overlapCursor(cursor, byMs, floor), floor);
  return cursorTimeMs(since) === undefined ? undefined : since;
}

/**
 * Where a message or a slash command stands among the events, for one that no event told of.
 *
 * ClickClack makes the id of a message just before the cursor of its event, out of one growing sequence of ULIDs
 * (recorded: `msg_…3mwggc4g4vdne31x4j`, `cur_…3mwggc4g4vdrqkr03g`). So `cur_` and the id's ULID sorts after every event
 * before the message, and before its own. It is for order only: no event has this cursor, no socket starts from it.
 *
 * @param createdAt RFC 3339; takes the place of an id that is no ULID, and is exact to the millisecond only
 * @returns undefined when neither tells a time
 */
export function messageCursor(messageId: string, createdAt: string): string | undefined {
  const ulid = ASKED_ID.exec(messageId)?.[1];
  if (ulid !== undefined) return PREFIX + ulid;
  const time = Date.parse(createdAt);
  return time >= 0 ? cursorAt(time) : undefined;
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

/** The first cursor of a millisecond. */
function cursorAt(time: number): string {
  return PREFIX + encodeTime(time) + "0".repeat(RANDOM_CHARS);
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
