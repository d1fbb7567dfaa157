import { badRequest } from "../errors.ts";
import { firstRunes, trimSpace } from "../rules/text.ts";
import type { Store } from "./store.ts";
import type { MessageRow } from "./tables.ts";

const SNAPSHOT_MAX_RUNES = 280;

/** What a message keeps of the one that it quotes, frozen when it is sent. */
export type Quote = Pick<MessageRow, "quoted_message_id" | "quoted_body_snapshot" | "quoted_author_id">;

/**
 * Returns the quote of a message, or an empty one if none is asked for.
 *
 * @param isInScope whether a message may be quoted from where the new one goes
 * @throws ApiError 400, the same for an unknown, a deleted and a foreign message
 */
export function quoteFrom(store: Store, quotedId: string, isInScope: (quoted: MessageRow) => boolean): Quote {
  if (quotedId === "") return { quoted_message_id: "", quoted_body_snapshot: "", quoted_author_id: "" };
  const quoted = store.messages.get(quotedId);
  if (quoted === undefined || quoted.deleted_at !== "" || !isInScope(quoted)) {
    throw badRequest("quoted message is not in this channel, conversation, or thread");
  }
  return {
    quoted_message_id: quoted.id,
    quoted_body_snapshot: firstRunes(trimSpace(quoted.body), SNAPSHOT_MAX_RUNES),
    quoted_author_id: quoted.author_id,
  };
}
