import type { Host } from "./host.ts";

/** Prints for people or, with `--json`, for programs: then exactly one JSON value goes to stdout, and nothing else. */
export interface Output {
  readonly isJson: boolean;
  /** A line for people; nothing with `--json`. */
  line(text?: string): void;
  /** What the command has found out; printed with `--json` only. */
  json(value: unknown): void;
  /** A hint beside the result, on stderr. */
  note(text: string): void;
}

export function outputFor(host: Host, isJson: boolean): Output {
  return {
    isJson,
    line: (text = "") => {
      if (!isJson) host.out(`${text}\n`);
    },
    json: (value) => {
      if (isJson) host.out(`${JSON.stringify(value, undefined, 2)}\n`);
    },
    note: (text) => host.err(`${text}\n`),
  };
}
