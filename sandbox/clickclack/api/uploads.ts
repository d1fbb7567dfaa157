import { ApiError, asForbidden, badRequest, NO_ROWS, withStatus } from "../errors.ts";
import { type Answer, json } from "../pipeline/answer.ts";
import { type Actor, requireWorkspace } from "../pipeline/auth.ts";
import { readParts } from "../pipeline/multipart.ts";
import { bytes } from "../pipeline/ranges.ts";
import { type AnyRoute, type Call, route } from "../pipeline/route.ts";
import { normalizeNonce } from "../rules/nonce.ts";
import { trimSpace } from "../rules/text.ts";
import { uploadHeaders } from "../rules/upload-headers.ts";
import { getUpload } from "../store/attachments.ts";
import type { Store } from "../store/store.ts";
import type { UploadRow } from "../store/upload-tables.ts";
import {
  findReservation,
  findUploadByNonce,
  insertUpload,
  releaseUpload,
  reserveUpload,
  UPLOAD_MAX_BYTES,
  type UploadOwner,
} from "../store/uploads.ts";
import { getWorkspace } from "../store/workspaces.ts";
import { uploadView } from "../wire/upload.ts";
import { requireUploadAccess } from "./access.ts";
import { uploadIn, workspaceIn } from "./upload-form.ts";

/** Files: bringing, finding and fetching them. */
export const uploadRoutes: readonly AnyRoute[] = [
  route({ method: "POST", path: "/api/uploads", scope: "uploads:write", handle: upload }),
  route({
    method: "GET",
    path: "/api/uploads/by-nonce",
    scope: "uploads:write",
    headers: { "X-Clickclack-Upload-Nonce": "supported" },
    handle: byNonce,
  }),
  route({
    method: "GET",
    path: "/api/uploads/:upload_id",
    scope: "messages:read",
    handle: ({ world, actor, params, request }) => {
      const found = withStatus(404, () => getUpload(world.store, params.upload_id ?? "", actor.user.id));
      requireUploadAccess(world.store, actor, found);
      return bytes(found.bytes, request.headers.range, {
        ...uploadHeaders(found.content_type, found.filename),
        "Last-Modified": new Date(found.created_at).toUTCString(),
      });
    },
  }),
];

/**
 * Takes a file. Whose nonce was used before is answered before their body is read, whatever it holds; while the first one
 * with a nonce is still coming, others with it wait for its end.
 *
 * Room in the quota is held while the body comes. Where only the form says which workspace it is for, it has come by then.
 */
async function upload({ world, actor, query, request }: Call): Promise<Answer> {
  const { store } = world;
  const nonce = normalizeNonce(query.get("nonce") ?? "");
  const inQuery = trimSpace(query.get("workspace_id") ?? "");
  if (nonce !== "" && inQuery === "") {
    throw badRequest("workspace_id query parameter is required with nonce");
  }
  const form = inQuery === "" ? await readParts(request, UPLOAD_MAX_BYTES) : undefined;
  const workspaceId = form === undefined ? inQuery : await workspaceIn(form);
  requireVisible(store, actor, workspaceId);
  const owner = { workspace_id: workspaceId, owner_id: actor.user.id };
  const old = await findWhenOver(store, owner, nonce);
  if (old !== undefined) return json(200, { upload: uploadView(old) });
  const reservation = reserveUpload(store, owner, nonce);
  try {
    const sent = await uploadIn(form ?? (await readParts(request, UPLOAD_MAX_BYTES)), workspaceId);
    return json(201, { upload: uploadView(insertUpload(store, reservation, sent)) });
  } finally {
    releaseUpload(store, reservation);
  }
}

/** Finds an upload by its nonce once none is on its way. That one may have failed, and then the next takes its place. */
async function findWhenOver(store: Store, owner: UploadOwner, nonce: string): Promise<UploadRow | undefined> {
  for (;;) {
    const found = findUploadByNonce(store, owner, nonce);
    const coming = findReservation(store, owner, nonce);
    if (found !== undefined || coming === undefined) return found;
    await coming.over.promise;
  }
}

/** Finds what the caller brought under a nonce; the header tells a miss from a server without this. */
function byNonce({ world, actor, query }: Call): Answer {
  const workspaceId = trimSpace(query.get("workspace_id") ?? "");
  if (workspaceId === "") throw badRequest("workspace_id is required");
  const nonce = normalizeNonce(query.get("nonce") ?? "");
  if (nonce === "") throw badRequest("nonce is required");
  requireVisible(world.store, actor, workspaceId);
  const owner = { workspace_id: workspaceId, owner_id: actor.user.id };
  const found = findUploadByNonce(world.store, owner, nonce);
  if (found === undefined) throw new ApiError(404, NO_ROWS);
  return json(200, { upload: uploadView(found) });
}

function requireVisible(store: Store, actor: Actor, workspaceId: string): void {
  requireWorkspace(actor, workspaceId);
  asForbidden(() => getWorkspace(store, workspaceId, actor.user.id));
}
