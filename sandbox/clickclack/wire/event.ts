import type { EventRow } from "../store/tables.ts";

/** An event, the same over REST, live and replayed. It carries no text: who wants the message fetches it. */
export function eventView(event: EventRow) {
  return {
    id: event.id,
    cursor: event.cursor,
    type: event.type,
    workspace_id: event.workspace_id,
    channel_id: event.channel_id || undefined,
    seq: event.seq,
    created_at: event.created_at,
    payload: event.payload,
    mentioned_user_ids: event.mentioned_user_ids.length === 0 ? undefined : event.mentioned_user_ids,
  };
}

/** What stands for the event where a change changed nothing. */
export const ZERO_EVENT = { id: "", cursor: "", type: "", workspace_id: "", created_at: "", payload: null };
