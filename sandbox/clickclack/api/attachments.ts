import { forbidden, orUndefined, withStatus } from "../errors.ts";
import { json } from "../pipeline/answer.ts";
import { requireScope } from "../pipeline/auth.ts";
import { type AnyRoute, type Call, route } from "../pipeline/route.ts";
import { attachUpload, getUpload } from "../store/attachments.ts";
import type { MessageRow } from "../store/tables.ts";
import { messageFor, requireUploadAccess } from "./access.ts";

const ATTACH_BODY = { upload_id: "string" } as const;

/** What hangs on messages. */
export const attachmentRoutes: readonly AnyRoute[] = [
  route({
    method: "POST",
    path: "/api/messages/:message_id/attachments",
    scope: "uploads:write",
    bodyBeforeScope: true,
    body: ATTACH_BODY,
    handle: attach,
  }),
];

/** Tells the sockets alone: the subscriptions of a workspace never hear of an attachment, though its event is durable. */
function attach(call: Call<typeof ATTACH_BODY>) {
  const { world, actor, body } = call;
  requireScope(actor, "messages:write");
  const message = ownMessage(call);
  const upload = withStatus(403, () => getUpload(world.store, body.upload_id, actor.user.id));
  requireUploadAccess(world.store, actor, upload, message.id);
  const event = attachUpload(world.store, message.id, upload.id, actor.user.id);
  if (event !== undefined) world.hub.publish(event);
  return json(200, { ok: true });
}

/** A person gets the same refusal for a message that is not there as for one that is not theirs. */
function ownMessage({ world, actor, params }: Call<typeof ATTACH_BODY>): MessageRow {
  const lookup = () => messageFor(world.store, actor, params.message_id ?? "", "dms:write");
  const message = actor.token === undefined ? orUndefined(lookup) : lookup();
  if (message?.author_id !== actor.user.id) {
    throw forbidden("message attachments can only be changed by the message author");
  }
  return message;
}
