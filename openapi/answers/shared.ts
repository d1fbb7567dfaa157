import * as z from "zod";

/** Every schema that stands by its name in the description. */
export const components = z.registry<{ id: string }>();

/** Gives a schema its name in the description. */
export function named<Schema extends z.core.$ZodType>(id: string, schema: Schema): Schema {
  components.add(schema, { id });
  return schema;
}

/** A field that is there or not, and never null. */
export const maybe = z.exactOptional;

/** A number of things. */
export const count = () => z.int().min(0);

/** A time as the Worker tells it. */
export const unixMs = (what: string) => z.int().describe(`${what}; Unix milliseconds`);

/** A value for each word of a list. */
export function each<Word extends string, Value extends z.core.$ZodType>(
  words: readonly Word[],
  value: Value,
): z.ZodObject<Record<Word, Value>> {
  const shape = Object.fromEntries(words.map((word) => [word, value])) as Record<Word, Value>;
  return z.object(shape);
}

export const Road = z
  .enum(["realtime", "callback", "sweep", "resync", "command"])
  .describe("how a message came to be known; `resync` is the message lists, after a lost cursor");

export const TurnState = z.enum(["waiting", "running", "answered", "silent", "cancelled", "dead"]);

export const CallbackKind = z.enum(["events", "commands"]);

export const Fault = named(
  "Fault",
  z.object({
    path: z.string().describe("where in the configuration"),
    found: z.string().describe("what stands there; never a secret"),
    mend: z.string().describe("what to do about it"),
  }),
);
