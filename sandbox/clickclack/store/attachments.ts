import { badRequest, forbidden, noRows } from "../errors.ts";
import { requireMember, requireNotModerated } from "./members.ts";
import { appendMessageChange, getMessage } from "./messages.ts";
import { listUnder, type Store } from "./store.ts";
import type { EventRow, MessageRow } from "./tables.ts";
import type { UploadRow } from "./upload-tables.ts";

/** Returns what hangs on a message, in the order in which it was attached; a deleted message has nothing. */
export function attachmentsOf(store: Store, message: MessageRow): readonly UploadRow[] {
  return store.attachments.get(message.id) ?? [];
}

/**
 * Returns an upload that the user may see: their own while it hangs nowhere, and otherwise one that hangs on a message
 * that they may see. Its owner is nobody special then.
 *
 * @throws ApiError 400 when there is none, or none that they may see
 */
export function getUpload(store: Store, uploadId: string, userId: string): UploadRow {
  const upload = store.uploads.get(uploadId);
  if (upload === undefined) throw noRows();
  requireMember(store, upload.workspace_id, userId);
  const messages = messagesWith(store, upload);
  const isVisible =
    messages.length === 0 ? upload.owner_id === userId : isAnyVisible(store, messages, userId);
  if (!isVisible) throw badRequest("upload is not visible");
  return upload;
}

/** Says whether an upload hangs on a message in a direct conversation, other than one message. */
export function hangsInConversation(store: Store, upload: UploadRow, exceptMessageId = ""): boolean {
  return messagesWith(store, upload).some(
    (message) => message.direct_conversation_id !== "" && message.id !== exceptMessageId,
  );
}

/**
 * Hangs an upload on an own message.
 *
 * @returns the event, or nothing when it hung there already
 * @throws ApiError 403 when not the author or moderated, 400 for the rest
 */
export function attachUpload(
  store: Store,
  messageId: string,
  uploadId: string,
  userId: string,
): EventRow | undefined {
  const message = getMessage(store, messageId, userId);
  if (message.author_id !== userId) throw forbidden("message is not writable");
  requireNotModerated(store, message.workspace_id, userId);
  if (message.deleted_at !== "") throw badRequest("deleted messages cannot have attachments");
  const upload = store.uploads.get(uploadId);
  if (upload === undefined) throw noRows();
  if (upload.workspace_id !== message.workspace_id) throw badRequest("upload and message workspaces differ");
  const attached = listUnder(store.attachments, message.id);
  if (attached.includes(upload)) return undefined;
  attached.push(upload);
  return appendMessageChange(store, message, "message.updated");
}

function messagesWith(store: Store, upload: UploadRow): MessageRow[] {
  return [...store.attachments].flatMap(([messageId, uploads]) => {
    const message = uploads.includes(upload) ? store.messages.get(messageId) : undefined;
    return message === undefined ? [] : [message];
  });
}

function isAnyVisible(store: Store, messages: readonly MessageRow[], userId: string): boolean {
  return messages.some(({ direct_conversation_id: id }) => {
    return id === "" || store.conversations.get(id)?.member_ids.includes(userId) === true;
  });
}
