import { ClickClackError } from "../../src/clickclack/errors.ts";
import { EXIT, Problem } from "../problem.ts";

/**
 * What a failed call to ClickClack means to whoever runs the tool.
 *
 * @param address where ClickClack was called
 * @returns the error itself when it is nothing that could be said better
 */
export function explain(error: unknown, address: string): unknown {
  if (!(error instanceof ClickClackError)) return error;
  const { failure, status, detail } = error;
  switch (failure) {
    case "unauthorized":
      return new Problem(
        "--session: ClickClack does not take it, so it has expired or was ended; sign in to ClickClack again and take the new one",
      );
    case "forbidden":
      return new Problem(
        `--session: only an owner or a moderator of the workspace may do this (ClickClack says: ${detail}); take the session of one`,
      );
    case "not_clickclack":
      return new Problem(
        `--clickclack: ${address} does not answer as ClickClack does (${detail}); correct it`,
      );
    case "unavailable":
      return new Problem(
        status === 0
          ? `--clickclack: no answer from ${address} (${detail}); correct the address, or try again when it is up`
          : `--clickclack: ${address} has failed with status ${status} (${detail}); try again later`,
        EXIT.unreachable,
      );
    default:
      return new Problem(`--clickclack: ${address} refuses: ${error.message}`);
  }
}
