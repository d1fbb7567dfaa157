import type { FileContent } from "../clickclack/read-files.ts";
import type { Upload } from "../clickclack/wire.ts";
import { inQuotes } from "../domain/label.ts";
import { NAME_MAX_CHARS } from "../limits.ts";
import type { ChatMessage, ContentPart } from "../openclaw/question.ts";

/** A file that hangs on a message, and what of it an agent can be given. */
export interface AttachedFile {
  upload: Upload;
  content: FileContent;
}

/**
 * A message with its files: images as such, texts in its own text, and of all others that they are there, so that the agent
 * can say that it does not see them. OpenClaw takes images of the last message only.
 */
export function withFiles(
  message: ChatMessage & { content: string },
  files: readonly AttachedFile[],
): ChatMessage {
  if (files.length === 0) return message;
  const images = files.flatMap(({ content }): ContentPart[] =>
    content.kind === "image" ? [{ type: "image_url", image_url: { url: content.dataUri } }] : [],
  );
  const text = [message.content, ...files.map(described)].join("\n\n");
  if (images.length === 0) return { ...message, content: text };
  return { ...message, content: [{ type: "text", text }, ...images] };
}

function described({ upload, content }: AttachedFile): string {
  const name = `${inQuotes(upload.filename, NAME_MAX_CHARS)} (${inQuotes(upload.content_type, NAME_MAX_CHARS)}, ${upload.byte_size} bytes)`;
  switch (content.kind) {
    case "image":
      return `[Attached image ${name}]`;
    case "text":
      return `[Attached file ${name}${content.isCut ? ", its beginning" : ""}]\n${content.text}\n[End of the file]`;
    case "unread":
      return `[Attached file ${name}, which cannot be shown: ${UNREAD[content.why]}]`;
  }
}

const UNREAD: Record<Extract<FileContent, { kind: "unread" }>["why"], string> = {
  type: "neither an image nor a text",
  size: "too large",
  count: "one of too many",
  gone: "not there any more",
};
