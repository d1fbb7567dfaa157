import { sortedDeep } from "../json.ts";
import type { Store } from "../store/store.ts";
import type { EventRow } from "../store/tables.ts";

/** What an ephemeral event tells; only those who listen at this moment learn of it. */
export interface NewEphemeral {
  /** Empty for what the server itself tells. */
  readonly id?: string;
  readonly type: string;
  readonly workspaceId: string;
  readonly channelId?: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly recipients?: readonly string[];
}

/** Returns an event that is never stored: its cursor is empty. */
export function ephemeral(store: Store, event: NewEphemeral): EventRow {
  return {
    id: event.id ?? "",
    cursor: "",
    type: event.type,
    workspace_id: event.workspaceId,
    channel_id: event.channelId ?? "",
    seq: undefined,
    created_at: store.now(),
    payload: sortedDeep(event.payload) as EventRow["payload"],
    mentioned_user_ids: [],
    recipient_user_ids: event.recipients ?? [],
  };
}
