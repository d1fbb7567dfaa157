import * as z from "zod/mini";
import { parseJson } from "../domain/json.ts";
import { COMPLETION_TEXT_MAX_CHARS } from "../limits.ts";
import { GatewayErrorBody } from "./errors.ts";

const Chunk = z.object({
  id: z.optional(z.string()),
  choices: z.optional(
    z.array(
      z.object({
        delta: z.optional(z.object({ content: z.nullish(z.string()) })),
        finish_reason: z.nullish(z.string()),
      }),
    ),
  ),
  error: z.optional(GatewayErrorBody),
});

/** One step of a streamed completion. */
export type StreamStep =
  | { kind: "run"; runId: string }
  | { kind: "text"; text: string }
  | { kind: "finished" }
  | { kind: "error"; error: GatewayErrorBody };

/**
 * Reads a streamed completion: `data:` frames of JSON, without event names, ids or keepalives. The first one carries
 * the run's id and no text.
 *
 * A stream that ends without `finished` was cut, whatever text came before.
 *
 * @param body the answer's body; a broken connection throws from the iteration
 */
export async function* readCompletion(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamStep> {
  let runKnown = false;
  for await (const data of sseData(body)) {
    if (data === "[DONE]") return;
    const parsed = Chunk.safeParse(parseJson(data));
    // The parsers' own errors quote what they were given, and that may be an answer.
    if (!parsed.success) throw new Error("a frame that cannot be read");
    const chunk = parsed.data;
    if (chunk.error !== undefined) yield { kind: "error", error: chunk.error };
    if (chunk.id !== undefined && !runKnown) {
      runKnown = true;
      yield { kind: "run", runId: chunk.id };
    }
    const choice = chunk.choices?.[0];
    const text = choice?.delta?.content;
    if (text) yield { kind: "text", text };
    if (choice?.finish_reason) yield { kind: "finished" };
  }
}

/** The data of server-sent events, one per event. */
async function* sseData(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of body) {
    rest += decoder.decode(bytes, { stream: true });
    const events = rest.split(/\r?\n\r?\n/);
    rest = events.pop() ?? "";
    if (rest.length > COMPLETION_TEXT_MAX_CHARS) throw new Error("an event without an end");
    for (const event of events) {
      const data = event
        .split(/\r?\n/)
        .filter((line) => line.startsWith("data:"))
        .map((line) => line.slice(5).trimStart())
        .join("\n");
      if (data !== "") yield data;
    }
  }
}
