import { request } from "node:http";
import type { Answer, Api, Body, CallOptions, Upload } from "./api.ts";
import type { Contract, Workspace } from "./contract.ts";

/** The bytes of the smallest PNG there is. */
export const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** A part of a form: a text, or a file. */
export type FormPart = readonly [name: string, value: string | FilePart];

/** A file in a form. */
export interface FilePart {
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Buffer<ArrayBuffer>;
}

/** Returns a file of some text. */
export function textFile(text: string, filename = "note.txt", contentType = "text/plain"): FilePart {
  return { filename, contentType, bytes: Buffer.from(text) };
}

/** Sends a form to where files are uploaded; the query says where to, and under which nonce. */
export function sendForm(
  someone: Api,
  query: Readonly<Record<string, string>>,
  parts: readonly FormPart[],
  options: CallOptions = {},
): Promise<Answer> {
  const form = new FormData();
  for (const [name, value] of parts) {
    if (typeof value === "string") form.append(name, value);
    else form.append(name, new Blob([value.bytes], { type: value.contentType }), value.filename);
  }
  const path = `/api/uploads?${new URLSearchParams(query)}`;
  return someone.post(path, undefined, { ...options, raw: form });
}

/** Uploads a file into a workspace. */
export async function upload(someone: Api, workspace: Workspace, file: FilePart): Promise<Upload> {
  const answer = await sendForm(someone, { workspace_id: workspace.id }, [["file", file]]);
  if (answer.status !== 201) throw new Error(`not uploaded: ${answer.status} ${answer.text}`);
  return answer.body.upload;
}

/** Hangs an upload on a message. */
export function attach(someone: Api, messageId: string, uploadId: string): Promise<Answer> {
  return someone.post(`/api/messages/${messageId}/attachments`, { upload_id: uploadId });
}

/** An upload that has begun. */
export interface BegunUpload {
  /** Sends the rest. @returns the status and what was answered */
  finish(): Promise<{ status: number; body: Body }>;
  /** Breaks the connection off. */
  abort(): void;
}

/** Begins an upload of a text file and leaves it in the middle of the file. */
export function beginUpload(
  { url }: Contract,
  someone: Api,
  query: Readonly<Record<string, string>>,
): BegunUpload {
  const boundary = "----in-the-middle-of-it";
  const call = request(`${url}/api/uploads?${new URLSearchParams(query)}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${someone.token}`,
      "content-type": `multipart/form-data; boundary=${boundary}`,
    },
  });
  const answered = new Promise<{ status: number; body: Body }>((resolve, reject) => {
    call.once("error", reject);
    call.once("response", async (response) => {
      const text = Buffer.concat(await response.toArray()).toString();
      resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) });
    });
  });
  answered.catch(() => {});
  const head = 'Content-Disposition: form-data; name="file"; filename="half.txt"\r\nContent-Type: text/plain';
  call.write(`--${boundary}\r\n${head}\r\n\r\nhalf`);
  return {
    finish: () => {
      call.end(` and half\r\n--${boundary}--\r\n`);
      return answered;
    },
    abort: () => call.destroy(),
  };
}
