import { readFile } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import { MEDIA_INLINE_MAX_BYTES } from "../../src/limits-media.ts";
import { Problem } from "../problem.ts";

/** A file as `POST /v1/messages` takes it. */
export type Media = { url: string } | { data: string; filename: string; contentType?: string };

/** What clients show rather than offer for download. Images need no entry: they are known by their first bytes. */
const TYPES: Readonly<Record<string, string>> = {
  ".csv": "text/csv",
  ".json": "application/json",
  ".log": "text/plain",
  ".md": "text/markdown",
  ".mp3": "audio/mpeg",
  ".mp4": "video/mp4",
  ".pdf": "application/pdf",
  ".svg": "image/svg+xml",
  ".txt": "text/plain",
};

/**
 * Reads what `--media` names: addresses go to the Worker as they are, files with what is in them.
 *
 * @param here what relative paths start from
 * @throws {Problem} for a file that cannot be read, and when all are too large together
 */
export async function readMedia(given: readonly string[], here: string): Promise<Media[]> {
  const media: Media[] = [];
  let bytes = 0;
  for (const name of given) {
    if (/^https?:\/\//i.test(name)) media.push({ url: name });
    else {
      const data = await bytesOf(name, here);
      bytes += data.length;
      media.push(fileOf(name, data));
    }
  }
  if (bytes > MEDIA_INLINE_MAX_BYTES)
    throw new Problem(
      `--media: the files have ${bytes} bytes, and ${MEDIA_INLINE_MAX_BYTES} may go along; give a larger one by its address`,
    );
  return media;
}

function fileOf(name: string, data: Buffer): Media {
  const contentType = TYPES[extname(name).toLowerCase()];
  const file = { data: data.toString("base64"), filename: basename(name) };
  return contentType === undefined ? file : { ...file, contentType };
}

async function bytesOf(name: string, here: string): Promise<Buffer> {
  const data = await readFile(resolve(here, name)).catch(() => undefined);
  if (data === undefined)
    throw new Problem(
      `--media ${name}: there is no such file to read; correct it, or give an address (https://…)`,
    );
  if (data.length === 0)
    throw new Problem(`--media ${name}: the file is empty; give one with something in it`);
  return data;
}
