import * as z from "zod";
import { CommandCallback, EventCallback } from "../src/clickclack/callback.ts";
import { File, FileAtUrl, InlineFile, SendBody } from "../src/http/send-body.ts";
import { components, named } from "./answers/shared.ts";

/** What stands in a schema of the description. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

named("Send", SendBody);
named("FileAtUrl", FileAtUrl);
named("InlineFile", InlineFile);
named("EventCallback", EventCallback);
named("CommandCallback", CommandCallback);

/** What the fields of a request mean. They are said here, for the Worker's bundle has no use for them. */
const FIELDS: {
  [id: string]: Record<string, string>;
} = {
  Send: {
    account: "account id; the default account when absent",
    to: "`channel:<name or id>`, `dm:<user id>`, `dm:@<handle>`, `thread:<message id>`, or a channel's bare name; the account's `defaultTo` when absent",
    text: "Markdown, up to ClickClack's cap of 1 MiB; the names of the files when absent",
    replyTo: "a message to quote, in the same place",
    media: "files that hang on the message",
  } satisfies Record<keyof typeof SendBody.shape, string>,
  FileAtUrl: {
    url: "where the file is: `http` or `https`, a public address, no user name or password",
    filename: "what it is called, without a folder; the last part of the `url`'s path when absent",
    contentType: "what its server has to say that it is",
  } satisfies Record<keyof typeof FileAtUrl.shape, string>,
  InlineFile: {
    data: "the file itself; 8 MiB in one request, all files together and decoded",
    filename: "what it is called, without a folder",
    contentType:
      "what it is; an image is known by its first bytes, anything else is `application/octet-stream`",
  } satisfies Record<keyof typeof InlineFile.shape, string>,
  CommandCallback: {
    bot_user_id: "the bot that the command was registered for",
    channel_id: "where it was given",
    command: "with its slash, in lower case",
    text: "what stands behind it",
    trigger_id: "of this one time that it was given",
    user_id: "who gave it",
    workspace_id: "the account's own",
  } satisfies Record<keyof typeof CommandCallback.shape, string>,
};

/** A schema as it stands in the description, with references to what has a name. */
export function inlineSchema(schema: z.core.$ZodType): JsonSchema {
  const id = components.get(schema)?.id;
  if (id !== undefined) return { $ref: refTo(id) };
  const { $schema: _, ...written } = z.toJSONSchema(schema, { io: "input" });
  return written as JsonSchema;
}

/** Everything that has a name, by name. */
export function namedSchemas(): Record<string, JsonSchema> {
  const { schemas } = z.toJSONSchema(components, { io: "input", uri: refTo, override: inWordsOfOurs });
  const entries = Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => {
    for (const [field, description] of Object.entries(FIELDS[id] ?? {}))
      Object.assign(schema.properties?.[field] ?? {}, { description });
    return [id, schema as JsonSchema] as const;
  });
  return Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b, "en")));
}

/** Says what the Worker checks by code, and leaves out what only zod makes of it. */
function inWordsOfOurs({ zodSchema, jsonSchema }: { zodSchema: unknown; jsonSchema: JsonSchema }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  delete jsonSchema.readOnly;
  if (zodSchema === File) {
    for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
    jsonSchema.oneOf = [{ $ref: refTo("FileAtUrl") }, { $ref: refTo("InlineFile") }];
  }
  if (zodSchema === SendBody) jsonSchema.anyOf = [{ required: ["text"] }, { required: ["media"] }];
  if (zodSchema === InlineFile.shape.data) jsonSchema.contentEncoding = "base64";
}

function refTo(id: string): string {
  return `#/components/schemas/${id}`;
}
