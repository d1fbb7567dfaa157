import type { Store } from "./store.ts";
import type { MessageRow } from "./tables.ts";

/** Which root messages are asked for, by `channel_seq`. */
export interface PageRequest {
  readonly limit: number;
  readonly window:
    | { readonly at: "latest" }
    | { readonly at: "before" | "after" | "around"; readonly seq: number };
}

/** Root messages, ascending, and whether there are more on either side. */
export interface MessagePage {
  readonly messages: readonly MessageRow[];
  readonly oldest_seq: number;
  readonly newest_seq: number;
  readonly has_older: boolean;
  readonly has_newer: boolean;
}

/**
 * Returns a page of the root messages of a channel or conversation.
 *
 * An empty page says that there is nothing on either side, even if the cursor stands beyond the end.
 */
export function messagePage(store: Store, scopeId: string, request: PageRequest): MessagePage {
  const roots = store.roots.get(scopeId) ?? [];
  const [start, end] = bounds(roots, request);
  const messages = roots.slice(start, end);
  if (messages.length === 0)
    return { messages, oldest_seq: 0, newest_seq: 0, has_older: false, has_newer: false };
  return {
    messages,
    oldest_seq: seqOf(messages[0]),
    newest_seq: seqOf(messages.at(-1)),
    has_older: start > 0,
    has_newer: end < roots.length,
  };
}

function bounds(roots: readonly MessageRow[], { limit, window }: PageRequest): [number, number] {
  if (window.at === "latest") return [Math.max(0, roots.length - limit), roots.length];
  if (window.at === "before") {
    const end = countWhile(roots, (seq) => seq < window.seq);
    return [Math.max(0, end - limit), end];
  }
  const upTo = countWhile(roots, (seq) => seq <= window.seq);
  if (window.at === "after") return [upTo, Math.min(roots.length, upTo + limit)];
  return around(roots.length, upTo, limit);
}

/** Half of the window lies up to the cursor, the rest after it; what one side lacks, the other gets. */
function around(total: number, upTo: number, limit: number): [number, number] {
  const half = Math.ceil(limit / 2);
  const end = Math.min(total, upTo + limit - Math.min(upTo, half));
  return [Math.max(0, upTo - Math.max(half, limit - (end - upTo))), end];
}

function countWhile(roots: readonly MessageRow[], holds: (seq: number) => boolean): number {
  const at = roots.findIndex((root) => !holds(seqOf(root)));
  return at < 0 ? roots.length : at;
}

function seqOf(message: MessageRow | undefined): number {
  return message?.channel_seq ?? 0;
}
