import { dropDeliveriesOf } from "./deliveries.ts";
import { pairKey, type Store } from "./store.ts";
import type { MessageRow } from "./tables.ts";
import type { UploadRow } from "./upload-tables.ts";

/**
 * Puts a workspace back to how it was at an event, as a server is that was restored from a copy of then: the messages,
 * uploads and events of later never were. Edits, reactions and members are left as they are.
 *
 * @param cursor of the last event that stays
 * @returns how many events are gone
 */
export function restoreTo(store: Store, workspaceId: string, cursor: string): number {
  const log = store.events.get(workspaceId) ?? [];
  const kept = log.filter((event) => event.cursor <= cursor);
  const gone = log.length - kept.length;
  store.events.set(workspaceId, kept);
  dropDeliveriesOf(store, log.slice(kept.length));
  // Ids and cursors are of one growing sequence.
  const isGone = ({ id, workspace_id }: MessageRow) =>
    workspace_id === workspaceId && ulidOf(id) > ulidOf(cursor);
  for (const message of [...store.messages.values()].filter(isGone)) {
    store.messages.delete(message.id);
    store.nonces.delete(pairKey(message.author_id, message.nonce));
    store.threads.delete(message.id);
    store.attachments.delete(message.id);
  }
  for (const upload of [...store.uploads.values()]) {
    if (upload.workspace_id === workspaceId && ulidOf(upload.id) > ulidOf(cursor)) dropUpload(store, upload);
  }
  for (const table of [store.roots, store.replies])
    for (const [key, messages] of table)
      table.set(
        key,
        messages.filter((message) => !isGone(message)),
      );
  for (const [rootId, replies] of store.replies) {
    const thread = store.threads.get(rootId);
    if (thread === undefined) continue;
    thread.reply_count = replies.length;
    thread.last_reply_at = replies.at(-1)?.created_at ?? "";
  }
  return gone;
}

function dropUpload(store: Store, upload: UploadRow): void {
  store.uploads.delete(upload.id);
  for (const [messageId, attached] of store.attachments)
    store.attachments.set(
      messageId,
      attached.filter((other) => other !== upload),
    );
}

function ulidOf(id: string): string {
  return id.slice(id.indexOf("_") + 1);
}
