import type { UploadRow } from "../store/upload-tables.ts";

/** An upload as its owner sees it. */
export function uploadView(upload: UploadRow) {
  return {
    id: upload.id,
    workspace_id: upload.workspace_id,
    owner_id: upload.owner_id,
    nonce: upload.nonce || undefined,
    filename: upload.filename,
    content_type: upload.content_type,
    byte_size: upload.bytes.length,
    width: upload.width,
    height: upload.height,
    duration_ms: upload.duration_ms,
    created_at: upload.created_at,
  };
}

/** An upload as it hangs on a message; its nonce is its owner's business. */
export function attachmentView(upload: UploadRow) {
  return uploadView({ ...upload, nonce: "" });
}
