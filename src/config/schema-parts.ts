import * as z from "zod/mini";
import { durationMs } from "../domain/duration.ts";

/* What schemas of the document are made of. Every error text is the way to mend it. */

/** A key that is OpenClaw's and is not read here. */
export const unread = z.optional(z.unknown());

export const flag = z.optional(z.boolean({ error: "use true or false" }));
export const text = z.optional(z.string({ error: "use a text" }));
export const texts = z.optional(z.array(z.string({ error: "use a text" }), { error: "use a list of texts" }));
export const OBJECT = { error: "use an object" };

export function choice<const T extends readonly [string, ...string[]]>(...words: T) {
  const quoted = words.map((word) => `"${word}"`);
  return z.optional(z.enum(words, { error: `use ${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}` }));
}

export function wholeNumber(from: number) {
  const error = `use a whole number from ${from} up`;
  return z.optional(z.int({ error }).check(z.minimum(from, { error })));
}

/** A number alone would leave open what it counts. */
export const duration = z.optional(
  z.custom<string>((value) => typeof value === "string" && durationMs(value) !== undefined, {
    error: 'use a duration with its unit, such as "90s", "15m" or "1h"',
  }),
);

/** Names follow OpenClaw's own rules. Only `env` can be read in a Worker; the other sources are known so as to say so. */
const secretReference = z.union([
  z.strictObject({
    source: z.literal("env"),
    provider: z.string().check(z.regex(/^[a-z][a-z0-9_-]{0,63}$/)),
    id: z.string().check(z.regex(/^[A-Z][A-Z0-9_]{0,127}$/)),
  }),
  z.strictObject({ source: z.enum(["file", "exec", "store"]), provider: z.string(), id: z.string() }),
]);

/** A secret written out, named as `${NAME}` or `$NAME`, or referred to. */
export type SecretInput = string | z.infer<typeof secretReference>;

/** One fault for the whole value, which is never looked into to describe it: a piece of it may be the secret. */
export const secret = z.optional(
  z.custom<SecretInput>((value) => typeof value === "string" || secretReference.safeParse(value).success, {
    error: 'use { source: "env", provider: "default", id: "NAME" }, with NAME in capitals, or a text',
  }),
);
