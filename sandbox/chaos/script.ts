import { control } from "./control.ts";
import type { Question } from "./plan-talk.ts";
import type { Tally } from "./tally.ts";

/** A request as the gateway kept it, as far as it is needed here. */
interface Kept {
  readonly body: unknown;
  /** Null when the request was refused before anybody looked for a scripted answer. */
  readonly agent: string | null;
}

/** Tells the gateway what to answer to each question, and what shall go wrong first. */
export async function scriptAnswers(gateway: string, questions: readonly Question[]): Promise<void> {
  for (const { mark, answer } of questions) {
    const match = { text: mark };
    const told = { chunks: answer.pieces, delayMs: answer.thinkingMs, chunkDelayMs: answer.pieceMs };
    if (answer.mishap !== undefined) {
      // A run that is cut or fails says some of it first; one that ends well is only not heard to the end.
      const chunks = answer.mishap === "cut_finished" ? answer.pieces : answer.pieces.slice(0, 1);
      const reply = { ...told, chunks, error: answer.mishap };
      await control(gateway, "POST", "replies", { match, reply, times: answer.mishaps });
    }
    await control(gateway, "POST", "replies", { match, reply: told });
  }
}

/** Counts what did go wrong: the gateway meets the requests of a question with its scripted answers, one after the other. */
export async function countMishaps(
  gateway: string,
  questions: readonly Question[],
  tally: Tally,
): Promise<void> {
  const { requests } = await control<{ requests: Kept[] }>(gateway, "GET", "requests");
  const asked = new Map<string, number>();
  for (const { body, agent } of requests) {
    const mark = agent === null ? undefined : markOf(body);
    if (mark !== undefined) asked.set(mark, (asked.get(mark) ?? 0) + 1);
  }
  for (const { mark, answer } of questions) {
    if (answer.mishap === undefined) continue;
    tally.add(`gateway ${answer.mishap}`, Math.min(asked.get(mark) ?? 0, answer.mishaps));
  }
}

/** The mark of the message that a completion asks about: the last one; those before it are its history. */
function markOf(body: unknown): string | undefined {
  const { messages } = body as { messages?: { content?: unknown }[] };
  return /\[q\d+\]/.exec(String(messages?.at(-1)?.content))?.[0];
}
