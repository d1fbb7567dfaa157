import { trimSpace } from "./text.ts";

const SHOWN = new Set([
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
  "video/mp4",
  "video/webm",
  "text/plain",
  "application/pdf",
]);
const OPAQUE = "application/octet-stream";
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const PLAIN = /^[\t -~]*$/;

/**
 * Returns the headers of a download: what could harm a browser goes out as bytes to be saved.
 *
 * @param contentType what the uploader said it is
 */
export function uploadHeaders(contentType: string, filename: string): Record<string, string> {
  const mediaType = trimSpace(contentType.split(";")[0] ?? "").toLowerCase();
  const isShown = mediaType.startsWith("audio/") || SHOWN.has(mediaType);
  return {
    "Content-Type": isShown ? mediaType : OPAQUE,
    "Content-Disposition": `${isShown ? "inline" : "attachment"}; ${filenameParameter(filename)}`,
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox",
  };
}

/** Writes a file's name as Go's `mime.FormatMediaType` does: bare, in quotes, or encoded. */
function filenameParameter(name: string): string {
  if (!PLAIN.test(name)) return `filename*=utf-8''${percentEncoded(name)}`;
  return `filename=${TOKEN.test(name) ? name : `"${name.replace(/["\\]/g, "\\$&")}"`}`;
}

function percentEncoded(text: string): string {
  const bytes = [...Buffer.from(text)].map((byte) => {
    const character = String.fromCharCode(byte);
    const isBare = TOKEN.test(character) && !"*'%".includes(character);
    return isBare ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  });
  return bytes.join("");
}
