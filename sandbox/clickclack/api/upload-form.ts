import { posix } from "node:path";
import { badRequest } from "../errors.ts";
import type { Part } from "../pipeline/multipart.ts";
import { trimSpace } from "../rules/text.ts";
import type { NewUpload } from "../store/uploads.ts";

const FIELD_MAX_BYTES = 1024;
const COUNT = /^\+?[0-9]+$/;

/** What a form says of its file. */
export type UploadForm = Pick<
  NewUpload,
  "filename" | "content_type" | "bytes" | "width" | "height" | "duration_ms"
>;

/**
 * Returns the workspace that a form names, where its address does not. It has to say so before the file.
 *
 * @throws ApiError 400
 */
export async function workspaceIn(parts: readonly Part[]): Promise<string> {
  const first = parts.find(([name]) => name === "workspace_id" || name === "file");
  if (first === undefined) throw badRequest("file is required");
  const [name, value] = first;
  if (name === "file") {
    throw badRequest("workspace_id must precede file or be provided as a query parameter");
  }
  return trimSpace(await textOf(value));
}

/**
 * Returns the one file of a form, and what else the form says of it.
 *
 * @param workspaceId the workspace that it goes into, which the form may say once more
 * @throws ApiError 400 for another workspace, for no file and for several
 */
export async function uploadIn(parts: readonly Part[], workspaceId: string): Promise<UploadForm> {
  const fields = new Map<string, string>();
  let file: string | File | undefined;
  for (const [name, value] of parts) {
    if (name === "file") {
      if (file !== undefined) throw badRequest("only one file is supported");
      file = value;
      continue;
    }
    const text = await textOf(value);
    fields.set(name, text);
    const named = name === "workspace_id" ? trimSpace(text) : "";
    if (named !== "" && named !== workspaceId) throw badRequest("workspace_id does not match query");
  }
  if (file === undefined) throw badRequest("file is required");
  return {
    ...(await contentOf(file)),
    width: countOf(fields.get("width")),
    height: countOf(fields.get("height")),
    duration_ms: countOf(fields.get("duration_ms")),
  };
}

async function contentOf(
  file: string | File,
): Promise<Pick<UploadForm, "filename" | "content_type" | "bytes">> {
  if (typeof file === "string") return { ...describe("", ""), bytes: Buffer.from(file) };
  return { ...describe(file.name, file.type), bytes: Buffer.from(await file.arrayBuffer()) };
}

/** Node decodes what browsers encode in a file's name, and ClickClack does not. */
function describe(name: string, type: string): { filename: string; content_type: string } {
  const sent = name.replace(/["\r\n]/g, encodeURIComponent);
  return { filename: posix.basename(sent) || ".", content_type: type || "application/octet-stream" };
}

async function textOf(value: string | File): Promise<string> {
  const bytes = typeof value === "string" ? Buffer.from(value) : Buffer.from(await value.arrayBuffer());
  return bytes.subarray(0, FIELD_MAX_BYTES).toString();
}

function countOf(text = ""): number {
  const count = COUNT.test(text) ? Number(text) : 0;
  return Number.isSafeInteger(count) ? count : 0;
}
