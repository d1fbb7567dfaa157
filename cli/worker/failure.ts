import type { Fault } from "../../src/config/types.ts";
import { faultText } from "../document.ts";
import { EXIT, type Exit, Problem } from "../problem.ts";
import { ProblemAnswer } from "./answers.ts";

/** How the tool ends when the Worker answers one of these errors; with 1 for every other. */
const EXITS: Record<string, Exit> = {
  unauthorized: EXIT.usage,
  invalid_request: EXIT.usage,
  invalid_target: EXIT.usage,
  account_not_found: EXIT.usage,
  not_configured: EXIT.usage,
  clickclack_unavailable: EXIT.unreachable,
  media_unavailable: EXIT.unreachable,
  too_many_pending: EXIT.unreachable,
  internal: EXIT.unreachable,
};

/**
 * What an error that the Worker has answered means to whoever runs the tool.
 *
 * @param url the Worker's
 * @param token the name of the one that went along
 * @param body the answer's
 */
export function answeredError(
  url: string,
  token: string | undefined,
  response: Response,
  body: unknown,
): Problem {
  const { data } = ProblemAnswer.safeParse(body);
  if (data === undefined) return notTheWorker(url, response);
  const { code, detail = code, faults = [] } = data;
  // What it says to whoever sends a wrong one is meant for programs.
  const isWrong = code === "unauthorized" && detail.startsWith("send Authorization");
  const text = isWrong
    ? `${token}: ${url} does not take it; give the value that its secret has`
    : (faultsText(faults) ?? detail);
  return new Problem(text, EXITS[code] ?? EXIT.failed, code);
}

/** The first fault, and how many more there are; undefined without any. */
function faultsText([first, ...others]: readonly Fault[]): string | undefined {
  if (first === undefined) return undefined;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return `the Worker's configuration has faults: ${faultText(first)}${more}`;
}

/** What an answer means that the Worker does not give: a wrong address, or something in front of it. */
export function notTheWorker(url: string, { status }: Response): Problem {
  if (status >= 500)
    return new Problem(`--url: ${url} has failed with status ${status}; try again later`, EXIT.unreachable);
  return new Problem(
    `--url: ${url} does not answer as clickclack-edge does (status ${status}); correct it, or let the tool pass what stands before it`,
  );
}

/** @param error why there is no answer */
export function outOfReach(url: string, error: unknown): Problem {
  const { name, message, cause } = error as Error;
  if (name === "AbortError") return new Problem("interrupted", EXIT.failed);
  const why = name === "TimeoutError" ? "it took too long" : causeOf(cause) || message;
  return new Problem(
    `--url: no answer from ${url} (${why}); correct it, or try again when the Worker is up`,
    EXIT.unreachable,
  );
}

/** Node's fetch says "fetch failed" and keeps the reason behind it. */
function causeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return "";
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
}
