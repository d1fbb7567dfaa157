/** A handle after `@`, where neither side continues it. OpenClaw reads raw text, code spans included. */
const MENTION = /(?:^|[^a-z0-9_@-])@([a-z0-9][a-z0-9_-]{1,31})(?![a-z0-9_-])/giu;

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
