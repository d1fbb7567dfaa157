import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod";
import { parseJson } from "../../src/domain/json.ts";
import { EXIT, Problem } from "../problem.ts";
import { readEvents } from "../worker/server-sent-events.ts";
import type { WorkerClient } from "../worker.ts";

/** A line of an account's log. */
export const LogLine = z.looseObject({
  /** Unix ms. */
  at: z.number(),
  event: z.string(),
  account: z.string().optional(),
});
export type LogLine = z.infer<typeof LogLine>;

/** The Worker gives a sign of life every 15 s; past this the line is dead and nobody has said so. */
const SILENCE_MAX_MS = 45_000;
const RECONNECT_MIN_MS = 1_000;
const RECONNECT_MAX_MS = 30_000;

/** Who is told what of a log that is followed. */
export interface Follower {
  line(line: LogLine): void;
  /** The connection is lost, and is made again. */
  lost(problem: Problem, againInMs: number): void;
}

/**
 * Follows an account's log until the signal is aborted, and comes back by itself where it was.
 *
 * @throws {Problem} when it cannot be followed at all, or not any more: a token that is refused, an account that is gone
 */
export async function follow(
  worker: WorkerClient,
  account: string,
  follower: Follower,
  signal: AbortSignal,
): Promise<void> {
  let last: string | undefined;
  let waitMs = RECONNECT_MIN_MS;
  let wasThere = false;
  while (!signal.aborted) {
    try {
      for await (const { id, line } of linesOf(worker, account, last)) {
        wasThere = true;
        waitMs = RECONNECT_MIN_MS;
        last = id ?? last;
        if (line !== undefined) follower.line(line);
      }
      throw new Problem(`--url: ${worker.url} has ended the log`, EXIT.unreachable);
    } catch (error) {
      if (signal.aborted) return;
      const isPassing = error instanceof Problem && error.exit === EXIT.unreachable;
      if (!isPassing || !wasThere) throw error;
      follower.lost(error, waitMs);
    }
    await pause(waitMs, undefined, { signal }).catch(() => {});
    waitMs = Math.min(2 * waitMs, RECONNECT_MAX_MS);
  }
}

async function* linesOf(
  worker: WorkerClient,
  account: string,
  last: string | undefined,
): AsyncGenerator<{ id?: string | undefined; line?: LogLine | undefined }> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), SILENCE_MAX_MS);
  try {
    const body = await worker.log(account, last, silence.signal);
    for await (const { id, data } of readEvents(body)) {
      timer.refresh();
      yield { id, line: data === undefined ? undefined : LogLine.safeParse(parseJson(data)).data };
    }
  } catch (error) {
    throw error instanceof Problem ? error : worker.outOfReach(error);
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}
