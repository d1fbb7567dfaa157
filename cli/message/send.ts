import { setTimeout as pause } from "node:timers/promises";
import { Problem } from "../problem.ts";
import type { SendAnswer } from "../worker/answers.ts";
import type { WorkerClient } from "../worker.ts";

/** Waits before each further try: a Worker that is deployed, or a wire that is cut, is back in seconds. */
const WAITS_MS = [1_000, 3_000] as const;
/** What the Worker answers when it cannot say whether the message was posted, or when it has failed itself. */
const UNCERTAIN: readonly (string | undefined)[] = [undefined, "clickclack_unavailable", "internal"];

/** A message to send. */
export interface Order {
  /** As `POST /v1/messages` takes it. */
  body: object;
  idempotencyKey: string;
  isBackground: boolean;
}

/**
 * Sends a message, and again when the answer is lost: the key makes sure that it is posted once.
 *
 * @param onRetry told why it is tried again
 * @throws {Problem} of the last try; for one that may have been posted all the same, it names the key
 */
export async function send(
  worker: WorkerClient,
  { body, idempotencyKey, isBackground }: Order,
  onRetry: (problem: Problem) => void,
  signal: AbortSignal,
): Promise<SendAnswer> {
  for (const waitMs of [...WAITS_MS, undefined]) {
    try {
      return await worker.send(body, idempotencyKey, isBackground);
    } catch (error) {
      if (signal.aborted || !(error instanceof Problem) || !isUncertain(error)) throw error;
      if (waitMs === undefined) throw withKey(error, idempotencyKey);
      onRetry(error);
      await pause(waitMs, undefined, { signal }).catch(() => {});
    }
  }
  throw new Error("the last try neither succeeds nor fails");
}

function isUncertain({ exit, code }: Problem): boolean {
  return exit === 3 && UNCERTAIN.includes(code);
}

function withKey({ message, exit, code }: Problem, key: string): Problem {
  return new Problem(
    `${message}; to try again and have it posted once, add --idempotency-key ${key}`,
    exit,
    code,
  );
}
