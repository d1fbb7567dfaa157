import { z } from "zod";
import { invalidRequest } from "./respond.ts";

/** What the gateway checks by schema. Other top-level fields are ignored, as OpenClaw does. */
const schema = z.object({
  model: z.string().optional(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  messages: z.array(z.unknown()).optional(),
  user: z.string().optional(),
  max_tokens: z.number().int().positive().nullish(),
  max_completion_tokens: z.number().int().positive().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  response_format: z.unknown().optional(),
  frequency_penalty: z.number().nullish(),
  presence_penalty: z.number().nullish(),
  seed: z.number().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
});

/** A chat completion request that passed the gateway's checks of form. */
export interface CompletionRequest {
  /** The target as it was sent, and as it is echoed; `openclaw` when none was. */
  readonly model: string;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly user: string | undefined;
  readonly messages: readonly unknown[];
}

/**
 * Parses and checks a completion's body in the gateway's order: JSON, schema (the first finding only), then the
 * fields with rules of their own. An empty body counts as `{}`.
 *
 * @throws {Refusal} 400 with the gateway's text, which for broken JSON is the engine's own.
 */
export function parseCompletionRequest(text: string): CompletionRequest {
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalidRequest(issue ? `${issue.path.join(".")}: ${issue.message}` : "Invalid request body");
  }
  const body = parsed.data;
  const finding =
    checkResponseFormat(body.response_format) ??
    checkStop(body.stop) ??
    checkRange("temperature", body.temperature, 0, 2) ??
    checkRange("top_p", body.top_p, 0, 1) ??
    checkRange("frequency_penalty", body.frequency_penalty, -2, 2) ??
    checkRange("presence_penalty", body.presence_penalty, -2, 2) ??
    (body.seed == null || Number.isInteger(body.seed) ? undefined : "`seed` must be an integer.");
  if (finding) throw invalidRequest(finding);
  return {
    model: body.model ?? "openclaw",
    stream: body.stream === true,
    includeUsage: body.stream_options?.include_usage === true,
    user: body.user,
    messages: body.messages ?? [],
  };
}

function parseJson(text: string): unknown {
  if (!text.trim()) return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidRequest(error instanceof Error ? error.message : String(error));
  }
}

function checkResponseFormat(value: unknown): string | undefined {
  if (value == null) return undefined;
  const prefix = "Invalid response_format:";
  if (typeof value !== "object" || Array.isArray(value)) return `${prefix} response_format must be an object`;
  const type = "type" in value ? value.type : undefined;
  return ["text", "json_object", "json_schema"].includes(String(type))
    ? undefined
    : `${prefix} response_format.type must be text, json_object, or json_schema`;
}

function checkStop(value: string | string[] | null | undefined): string | undefined {
  const entries = typeof value === "string" ? [value] : (value ?? []);
  if (entries.length > 4) return "Invalid stop: stop supports at most 4 sequences";
  return entries.includes("") ? "Invalid stop: stop entries must be non-empty strings" : undefined;
}

/** OpenClaw writes the bounds of the penalties as `-2.0 and 2.0`, the others without a decimal. */
function checkRange(
  field: string,
  value: number | null | undefined,
  low: number,
  high: number,
): string | undefined {
  if (value == null || (value >= low && value <= high)) return undefined;
  const digits = low < 0 ? 1 : 0;
  return `\`${field}\` must be between ${low.toFixed(digits)} and ${high.toFixed(digits)}.`;
}
