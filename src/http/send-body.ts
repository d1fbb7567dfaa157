import * as z from "zod";
import { fromBase64 } from "../domain/base64.ts";
import { isFileName } from "../domain/file-name.ts";
import { parseJson } from "../domain/json.ts";
import { SEND_BODY_MAX_BYTES, SEND_TARGET_MAX_CHARS } from "../limits.ts";
import {
  CONTENT_TYPE_MAX_CHARS,
  FILE_NAME_MAX_CHARS,
  MEDIA_INLINE_MAX_BYTES,
  MEDIA_MAX,
  MEDIA_URL_MAX_CHARS,
} from "../limits-media.ts";
import type { Problem } from "./problem.ts";

const filename = z
  .string()
  .max(FILE_NAME_MAX_CHARS, `must be at most ${FILE_NAME_MAX_CHARS} characters`)
  .refine(isFileName, "must be a file's name, without a folder or control characters");

const contentType = z
  .string()
  .max(CONTENT_TYPE_MAX_CHARS, `must be at most ${CONTENT_TYPE_MAX_CHARS} characters`)
  .regex(/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;[\x20-\x7e]*)?$/, "must be a content type, such as image/png")
  .optional();

const FileAtUrl = z.strictObject({
  url: z.string().max(MEDIA_URL_MAX_CHARS, `must be at most ${MEDIA_URL_MAX_CHARS} characters`),
  filename: filename.optional(),
  contentType,
});

const InlineFile = z.strictObject({
  data: z.string().transform((text, context) => {
    const bytes = text === "" ? undefined : fromBase64(text);
    if (bytes === undefined) context.addIssue("must be base64, and not empty");
    return bytes ?? z.NEVER;
  }),
  filename,
  contentType,
});

/** Either form, with the faults of the one that was meant. */
const File = z.looseObject({}).transform((given, context) => {
  const parsed = ("data" in given ? InlineFile : FileAtUrl).safeParse(given);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.addIssue({ code: "custom", ...inWords(issue) });
  return z.NEVER;
});

const SendBody = z
  .strictObject({
    account: z.string().min(1).optional(),
    to: z
      .string()
      .min(1)
      .max(SEND_TARGET_MAX_CHARS, `must be at most ${SEND_TARGET_MAX_CHARS} characters`)
      .optional(),
    text: z
      .string()
      .refine((text) => text.trim() !== "", "must not be blank")
      .optional(),
    replyTo: z
      .string()
      .regex(/^msg_\w+$/, "must be a message id, msg_…")
      .optional(),
    media: z
      .array(File)
      .min(1, "must have a file; leave it out for none")
      .max(MEDIA_MAX, `must have at most ${MEDIA_MAX} files`)
      .optional(),
  })
  .refine(({ text, media }) => text !== undefined || media !== undefined, {
    path: ["text"],
    error: "is required, unless there is media",
  });

export type SendBody = z.infer<typeof SendBody>;
/** A file as it came. */
export type GivenFile = NonNullable<SendBody["media"]>[number];

/**
 * Reads a request, of which nothing is kept but what is asked for: beside a file's bytes its base64 would stand in memory for
 * as long as the upload takes, as it does where Hono reads a body.
 *
 * @param request whose body is within the limit for one with data in it
 */
export async function readSendBody(
  request: Request,
): Promise<{ ok: true; body: SendBody } | { ok: false; problem: Problem }> {
  const raw = await request.arrayBuffer();
  const parsed = SendBody.safeParse(parseJson(new TextDecoder().decode(raw)));
  if (!parsed.success) return { ok: false, problem: invalidField(parsed.error, "the body") };
  const problem = excessOf(raw.byteLength, parsed.data);
  return problem === undefined ? { ok: true, body: parsed.data } : { ok: false, problem };
}

/** What is said of a request that is too large without any data in it. */
export const TOO_LARGE: Problem = {
  code: "too_large",
  detail: `a request may have ${SEND_BODY_MAX_BYTES} bytes, beside the data of files; send less text`,
};

function excessOf(rawBytes: number, { media = [] }: SendBody): Problem | undefined {
  const sizes = media.map((file) => ("data" in file ? file.data.byteLength : 0));
  const inBase64 = sizes.reduce((sum, size) => sum + Math.ceil(size / 3) * 4, 0);
  if (rawBytes - inBase64 > SEND_BODY_MAX_BYTES) return TOO_LARGE;
  if (sizes.reduce((sum, size) => sum + size, 0) <= MEDIA_INLINE_MAX_BYTES) return undefined;
  return {
    code: "media_too_large",
    detail: `the data of all files together may have ${MEDIA_INLINE_MAX_BYTES} bytes; give a larger file by its url`,
    field: "media",
  };
}

/** The first issue is enough to mend and try again. */
export function invalidField(error: z.ZodError, whole: string): Problem {
  const issue = error.issues[0];
  const { path, message } = issue === undefined ? { path: [], message: "is invalid" } : inWords(issue);
  const field = path.join(".") || whole;
  return { code: "invalid_request", detail: `${field}: ${message}`, field };
}

function inWords(issue: z.core.$ZodIssue): { path: PropertyKey[]; message: string } {
  const unknown = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  return unknown === undefined
    ? { path: issue.path, message: issue.message }
    : { path: [...issue.path, unknown], message: "is not a field of this request" };
}
