import * as z from "zod";
import { ErrorAnswer, MeAnswer } from "../../../src/clickclack/wire.ts";
import type { Account, Config } from "../../../src/config/types.ts";
import { isOnlyHere } from "../addresses.ts";
import { fail, type Outcome, only, pass, skip, warn, withValue } from "../finding.ts";
import { doorBefore, look, type Seen } from "../probe.ts";
import type { WorkerSide } from "../worker-side.ts";

const Api = z.union([ErrorAnswer, MeAnswer]);

/** @returns where the API is */
export function addressOutcome(account: Account): Outcome<string> {
  const { baseUrl, apiBaseUrl, enabled } = account;
  if (!enabled) return only(skip("the account is disabled"));
  if (baseUrl === "" || apiBaseUrl === "") return only(skip("the document has no address that can be used"));
  const isPlain = [baseUrl, apiBaseUrl].some((url) => url.startsWith("http://"));
  if (!isPlain)
    return withValue(apiBaseUrl, pass(apiBaseUrl === baseUrl ? baseUrl : `${baseUrl}, API ${apiBaseUrl}`));
  const mend = "use https:// in baseUrl and apiBaseUrl";
  if (isOnlyHere(apiBaseUrl))
    return withValue(
      apiBaseUrl,
      warn(`${apiBaseUrl} is of this machine or network: a deployed Worker does not reach it`, mend),
    );
  return withValue(
    apiBaseUrl,
    fail(`${apiBaseUrl} is not https: everybody on the way can read the token`, mend),
  );
}

/** Asked without the token, which goes to nothing that is not ClickClack. @returns the answer */
export async function reachOutcome(
  apiBaseUrl: string,
  access: Config["access"]["clickclack"],
  signal: AbortSignal,
): Promise<Outcome<Seen>> {
  const headers = new Headers({ accept: "application/json", "user-agent": "clickclack-edge" });
  if (access !== undefined) {
    headers.set("cf-access-client-id", access.clientId.reveal());
    headers.set("cf-access-client-secret", access.clientSecret.reveal());
  }
  const seen = await look(`${apiBaseUrl}/api/me`, headers, signal);
  if (typeof seen === "string")
    return only(
      fail(
        `no answer from ${apiBaseUrl} (${seen})`,
        "start ClickClack, or correct baseUrl (apiBaseUrl, where the API is elsewhere)",
      ),
    );
  const door = doorBefore(seen);
  if (door !== undefined)
    return only(
      fail(
        `${door} answers at ${apiBaseUrl}`,
        door === "a redirect"
          ? "set baseUrl or apiBaseUrl to the final address"
          : "make a service token in Access, and set edge.access.clickclack.clientId and clientSecret",
      ),
    );
  if (seen.status >= 500)
    return only(
      fail(
        `${apiBaseUrl} fails with status ${seen.status}`,
        "see ClickClack's log, and what stands before it",
      ),
    );
  if (!seen.contentType.startsWith("application/json") || !Api.safeParse(seen.body).success)
    return only(
      fail(
        `${apiBaseUrl} answers, and is not ClickClack's API (${seen.status} ${seen.contentType || "without a type"})`,
        "correct baseUrl, or set apiBaseUrl to where /api is",
      ),
    );
  return withValue(seen, pass(`ClickClack answers, in ${seen.ms} ms`));
}

/** Dates of headers are whole seconds, and a look takes a moment. */
const UNSURE_MS = 2_000;
/** A fifth of the way to refused callbacks. */
const WARN_SHARE = 5;

/** Signatures of callbacks bear ClickClack's time, and the Worker compares it with its own. */
export async function clockOutcome(
  seen: Seen,
  account: Account,
  windowMs: number,
  worker: WorkerSide | undefined,
  signal: AbortSignal,
): Promise<Outcome<never>> {
  const theirs = skewOf(seen);
  if (theirs === undefined) return only(skip("what stands before ClickClack takes its Date header away"));
  const workerSkew = await workerSkewOf(worker, signal);
  const skewMs = theirs - (workerSkew ?? 0);
  const other = workerSkew === undefined ? "this machine's clock" : "the Worker's clock";
  const text = `ClickClack's clock is ${spoken(skewMs)} ${other}; callbacks may be ${windowMs / 1000} s apart`;
  const takesCallbacks = account.inbound !== "realtime" || account.callbacks.commands.current.length > 0;
  const mend = "set the clock of ClickClack's host by NTP";
  if (Math.abs(skewMs) > windowMs) return only(takesCallbacks ? fail(text, mend) : warn(text, mend));
  return only(Math.abs(skewMs) > windowMs / WARN_SHARE ? warn(text, mend) : pass(text));
}

/** How far a server is ahead of us, milliseconds. */
function skewOf({ headers, at, ms }: Seen): number | undefined {
  const date = Date.parse(headers.get("date") ?? "");
  // The header is cut to whole seconds, and was written half a look ago.
  return Number.isNaN(date) ? undefined : date + 500 - (at - ms / 2);
}

async function workerSkewOf(
  worker: WorkerSide | undefined,
  signal: AbortSignal,
): Promise<number | undefined> {
  if (worker === undefined) return undefined;
  const seen = await look(`${worker.client.url}/healthz`, new Headers(), signal);
  return typeof seen === "string" ? undefined : skewOf(seen);
}

function spoken(ms: number): string {
  if (Math.abs(ms) <= UNSURE_MS) return "right with";
  return `${Math.round(Math.abs(ms) / 1000)} s ${ms > 0 ? "ahead of" : "behind"}`;
}
