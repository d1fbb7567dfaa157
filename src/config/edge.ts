import { durationMs } from "../domain/duration.ts";
import type { EdgeSettings } from "./edge-schema.ts";
import type { EdgePolicy } from "./types.ts";

/** After an hour people have asked somebody else, and an answer out of nowhere puzzles them. */
const MAX_MESSAGE_AGE_DEFAULT = "1h";
/** A gateway that is restarted is back by then. */
const NOTICE_AFTER_DEFAULT = "2m";
const NOTICE_TEXT_DEFAULT =
  "I cannot reach my agent right now. Your message is not lost: I will answer as soon as I can.";

/** A direct message waits half of that on average where no realtime connection brings it. */
const SWEEP_SECONDS_DEFAULT = 60;
/** Usual for signed callbacks: two clocks and a slow way fit in, and an old recording does not. */
const CALLBACK_WINDOW_DEFAULT = "5m";

/** Reads what of `edge` holds for all accounts, beside `edge.access`; defaults filled in. */
export function readEdge(settings: EdgeSettings | undefined): EdgePolicy {
  const { maxMessageAge = MAX_MESSAGE_AGE_DEFAULT, notice = {} } = settings ?? {};
  const afterMs = durationMs(notice.after ?? NOTICE_AFTER_DEFAULT) ?? 0;
  const text = notice.text?.trim() || NOTICE_TEXT_DEFAULT;
  return {
    maxMessageAgeMs: durationMs(maxMessageAge) ?? 0,
    ...(notice.enabled !== false && { notice: { afterMs, text } }),
    sweepMs: (settings?.sweepSeconds ?? SWEEP_SECONDS_DEFAULT) * 1000,
    ...(settings?.groupContext !== undefined && { groupContext: settings.groupContext }),
    callbackWindowMs: durationMs(settings?.callbackWindow ?? CALLBACK_WINDOW_DEFAULT) ?? 0,
    threadSessions: settings?.threadSessions ?? "channel",
    groupContext: settings?.groupContext ?? 0,
    mediaHosts: (settings?.mediaHosts ?? []).map((host) => host.toLowerCase()),
  };
}
