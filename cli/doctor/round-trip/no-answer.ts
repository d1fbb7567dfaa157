import { reasonWords } from "../../../src/domain/reasons.ts";
import { type Finding, fail } from "../finding.ts";
import type { AccountView } from "../worker-side.ts";
import type { Watched } from "./watch.ts";

/**
 * Why no answer came.
 *
 * @param view the account as it is now; absent where the Worker cannot be asked
 */
export function noAnswer({ story, ms, isUnheard }: Watched, view: AccountView | undefined): Finding {
  const waited = `no answer within ${seconds(ms)}`;
  if (isUnheard)
    return fail(
      `${waited}: the Worker was not told of it`,
      "see link, events, and subscription where callbacks are used",
    );
  if (story === undefined) return fail(waited, "give --url and EDGE_API_TOKEN: the Worker knows why");
  const { state, reason = "", setting, error } = story;
  const words = reasonWords(reason);
  if (words !== undefined) {
    const by = setting === undefined || state !== "dropped" ? "" : `, by ${setting}`;
    return fail(
      `${state}: ${words[0]} (${reason}${by})${error === undefined ? "" : `: ${error}`}`,
      words[1] ?? `npm run edge -- why ${story.message}`,
    );
  }
  const away = view?.gateway?.reachable === false ? view.gateway : undefined;
  if (away !== undefined) {
    const because = reasonWords(away.reason ?? "");
    return fail(
      `${waited}, it is ${state}: ${because?.[0] ?? "the gateway cannot be reached"} (${away.error ?? away.reason})`,
      because?.[1] ?? "see the group OpenClaw",
    );
  }
  const known = reasonWords(/^(\w+):/.exec(error ?? "")?.[1] ?? "");
  return fail(
    `${waited}, it is ${state}${error === undefined ? "" : `: ${error}`}`,
    known?.[1] ?? "a long answer may need more: raise --wait; npm run edge -- why tells what became of it",
  );
}

/** `1.2 s`, `80 ms` */
export function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
