import type { Ephemeral } from "../clickclack/ephemerals.ts";
import { SIGN_AFTER_MS } from "../limits.ts";
import { errorText } from "../observe/redact.ts";
import type { AccountContext } from "./context.ts";

/** A sign that an answer is being made, down at first. */
export interface Sign {
  /** Puts it up soon, unless it is ended before, and keeps it up. Once is enough. */
  start(): void;
  /** Takes it down, after a frame that is still on its way up, so that it stays down. */
  end(): void;
}

/** What a sign is made of. */
export interface SignFrames {
  /** Puts it up, and again renews it. */
  up(): Ephemeral;
  down(): Ephemeral;
  /** How often it is renewed, milliseconds. */
  intervalMs: number;
  /** What is logged when a frame cannot be shown. */
  failed: "typing:failed" | "progress:failed";
}

/**
 * Keeps a sign up while it is wanted. Best effort: frames go one after the other, the first that fails is logged, and
 * nothing waits for one.
 *
 * @param show shows a frame
 */
export function signOf(
  { log, background }: AccountContext,
  frames: SignFrames,
  show: (frame: Ephemeral) => Promise<void>,
): Sign {
  let inFlight: Promise<void> | undefined;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let isOver = false;
  let hasFailed = false;
  const post = async (frame: Ephemeral): Promise<void> => {
    try {
      await show(frame);
    } catch (error) {
      if (!hasFailed) log({ event: frames.failed, error: errorText(error) });
      hasFailed = true;
    }
  };
  const renew = () => {
    // A server that takes longer than the interval gets no queue of them.
    inFlight ??= post(frames.up()).finally(() => {
      inFlight = undefined;
    });
  };
  return {
    start: () => {
      if (isOver) return;
      waiting ??= setTimeout(() => {
        renew();
        timer = setInterval(renew, frames.intervalMs);
      }, SIGN_AFTER_MS);
    },
    end: () => {
      if (isOver) return;
      // Also of one that was never up: the news that puts it up may still be on its way.
      isOver = true;
      if (waiting !== undefined) clearTimeout(waiting);
      if (timer === undefined) return;
      clearInterval(timer);
      background(Promise.resolve(inFlight).then(() => post(frames.down())));
    },
  };
}
