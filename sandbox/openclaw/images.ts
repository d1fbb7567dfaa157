import { field, roleOf } from "./prompt.ts";
import { invalidRequest } from "./respond.ts";

const MAX_IMAGES = 8;
const MAX_IMAGE_BYTES = 10 * 1024 * 1024;
const MAX_TOTAL_BYTES = 20 * 1024 * 1024;
const MIME_TYPES = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "image/heif"];

/**
 * Counts the images of the last user message; earlier messages' images are ignored, as OpenClaw does.
 *
 * @throws {Refusal} 400, the same opaque text for every violation: not a base64 data URI (a URL is refused unless the
 *   gateway's `images.allowUrl` is set), a MIME type outside the list, more than 8 images, 10 MiB each or 20 MiB in all.
 */
export function countImages(messages: readonly unknown[]): number {
  const content = field(
    messages.findLast((message) => roleOf(message) === "user"),
    "content",
  );
  if (!Array.isArray(content)) return 0;
  const sizes = content.filter((part) => field(part, "type") === "image_url").map(decodedBytes);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (sizes.length > MAX_IMAGES || total > MAX_TOTAL_BYTES) throw invalidImage();
  return sizes.length;
}

function decodedBytes(part: unknown): number {
  const image = field(part, "image_url");
  const url = typeof image === "string" ? image : field(image, "url");
  const [, metadata, data] = /^data:([^,]*),(.*)$/is.exec(typeof url === "string" ? url.trim() : "") ?? [];
  if (metadata === undefined || !data?.trim()) throw invalidImage();
  const attributes = metadata
    .toLowerCase()
    .split(";")
    .map((attribute) => attribute.trim());
  const mime = attributes.find((attribute) => attribute.includes("/")) ?? "image/png";
  const bytes = Buffer.from(data, "base64").byteLength;
  if (!attributes.includes("base64") || !MIME_TYPES.includes(mime)) throw invalidImage();
  if (bytes === 0 || bytes > MAX_IMAGE_BYTES) throw invalidImage();
  return bytes;
}

function invalidImage(): Error {
  return invalidRequest("Invalid image_url content in `messages`.");
}
