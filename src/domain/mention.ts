/** A handle after `@`, where neither side continues it. OpenClaw reads raw text, code spans included. */
const MENTION = /(?:^|[^a-z0-9_@-])@([a-z0-9][a-z0-9_-]{1,31})(?![a-z0-9_-])/giu;

/** Characters without a width and those that turn the writing direction: `ro\u200bsie` is meant to be read as a name. */
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u206f]/g;

/**
 * Whether a message's text names a handle.
 *
 * @param body the message as written
 * @param handle without `@`; an empty one is never mentioned
 */
export function mentionsHandle(body: string, handle: string): boolean {
  if (handle === "") return false;
  const wanted = handle.toLowerCase();
  for (const match of body.matchAll(MENTION)) {
    if (match[1]?.toLowerCase() === wanted) return true;
  }
  return false;
}

/**
 * Whether a message's text matches one of several patterns. As in OpenClaw, they are put to the text without invisible
 * characters, trimmed and in lower case, and an empty message matches nothing, not even `.*`.
 *
 * @param body the message as written
 * @param patterns without the flags `g` and `y`, which would remember the last message
 */
export function matchesPattern(body: string, patterns: readonly RegExp[]): boolean {
  if (body === "") return false;
  const text = withoutInvisible(body).trim().toLowerCase();
  return patterns.some((pattern) => pattern.test(text));
}

/** Text without characters that nobody sees. */
export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, "");
}
