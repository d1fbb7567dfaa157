import * as z from "zod/mini";
import english from "zod/v4/locales/en.js";
import { fromBase64 } from "../domain/base64.ts";
import { isFileName } from "../domain/file-name.ts";
import { parseJson } from "../domain/json.ts";
import { IDEMPOTENCY_KEY_MAX_CHARS, SEND_BODY_MAX_BYTES, SEND_TARGET_MAX_CHARS } from "../limits.ts";
import {
  CONTENT_TYPE_MAX_CHARS,
  FILE_NAME_MAX_CHARS,
  MEDIA_INLINE_MAX_BYTES,
  MEDIA_MAX,
  MEDIA_URL_MAX_CHARS,
} from "../limits-media.ts";
import type { Problem } from "./problem.ts";

// What is wrong with a field that has no words of its own: zod brings its English along only where it is asked for.
z.config(english());

const filename = z
  .string()
  .check(
    z.maxLength(FILE_NAME_MAX_CHARS, `must be at most ${FILE_NAME_MAX_CHARS} characters`),
    z.refine(isFileName, "must be a file's name, without a folder or control characters"),
  );

const contentType = z.optional(
  z
    .string()
    .check(
      z.maxLength(CONTENT_TYPE_MAX_CHARS, `must be at most ${CONTENT_TYPE_MAX_CHARS} characters`),
      z.regex(
        /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;[\x20-\x7e]*)?$/,
        "must be a content type, such as image/png",
      ),
    ),
);

/** A file by its address. */
export const FileAtUrl = z.strictObject({
  url: z
    .string()
    .check(z.maxLength(MEDIA_URL_MAX_CHARS, `must be at most ${MEDIA_URL_MAX_CHARS} characters`)),
  filename: z.optional(filename),
  contentType,
});

/** A file in the request itself. */
export const InlineFile = z.strictObject({
  data: z.pipe(
    z.string(),
    z.transform((text, { issues }) => {
      const bytes = text === "" ? undefined : fromBase64(text);
      if (bytes === undefined)
        issues.push({ code: "custom", message: "must be base64, and not empty", input: text });
      return bytes ?? z.NEVER;
    }),
  ),
  filename,
  contentType,
});

/** Either form, with the faults of the one that was meant. */
export const File = z.pipe(
  z.looseObject({}),
  z.transform((given, { issues }) => {
    const parsed = ("data" in given ? InlineFile : FileAtUrl).safeParse(given);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) issues.push({ code: "custom", ...inWords(issue), input: given });
    return z.NEVER;
  }),
);

/** The header `Idempotency-Key`. */
export const IdempotencyKey = z
  .string()
  .check(
    z.minLength(1, "must not be empty"),
    z.maxLength(IDEMPOTENCY_KEY_MAX_CHARS, `must be at most ${IDEMPOTENCY_KEY_MAX_CHARS} characters`),
  );

export const SendBody = z
  .strictObject({
    account: z.optional(z.string().check(z.minLength(1))),
    to: z.optional(
      z
        .string()
        .check(
          z.minLength(1),
          z.maxLength(SEND_TARGET_MAX_CHARS, `must be at most ${SEND_TARGET_MAX_CHARS} characters`),
        ),
    ),
    text: z.optional(z.string().check(z.regex(/\S/, "must not be blank"))),
    replyTo: z.optional(z.string().check(z.regex(/^msg_\w+$/, "must be a message id, msg_…"))),
    media: z.optional(
      z
        .array(File)
        .check(
          z.minLength(1, "must have a file; leave it out for none"),
          z.maxLength(MEDIA_MAX, `must have at most ${MEDIA_MAX} files`),
        ),
    ),
  })
  .check(
    z.refine(({ text, media }) => text !== undefined || media !== undefined, {
      path: ["text"],
      error: "is required, unless there is media",
    }),
  );

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
export function invalidField(error: z.core.$ZodError, whole: string): Problem {
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
