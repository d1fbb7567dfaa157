import { parseEnv } from "node:util";
import type { Secret } from "../../src/config/secret.ts";
import { Problem } from "../problem.ts";

/** Values that mean the same to every reader of such files without quotes. */
const PLAIN = /^[\w.:/+=@~%,-]+$/;

/**
 * Sets variables in the text of a `.dev.vars`: in the line where a name stands already, else at the end. All other lines
 * stay as they are.
 *
 * @param text the file; "" for none
 * @returns the file anew; the same text when all values stand there
 * @throws {Problem} when a value cannot be written
 */
export function withVariables(text: string, values: ReadonlyMap<string, Secret>): string {
  let all = text;
  for (const [name, secret] of values) {
    if (parseEnv(all)[name] === secret.reveal()) continue;
    const line = `${name}=${quoted(name, secret.reveal())}`;
    const found = assignmentOf(name, all);
    // A line that does not count is left: of several, the last does.
    if (found !== undefined) all = all.slice(0, found.start) + line + all.slice(found.end);
    else all += `${all === "" || all.endsWith("\n") ? "" : "\n"}${line}\n`;
    if (parseEnv(all)[name] !== secret.reveal())
      throw new Problem(
        `${name} cannot be written into .dev.vars among what stands there; tidy that file up`,
      );
  }
  return all;
}

/** Takes variables out again. */
export function withoutVariables(text: string, names: Iterable<string>): string {
  let all = text;
  for (const name of names) {
    for (let found = assignmentOf(name, all); found !== undefined; found = assignmentOf(name, all))
      all = all.slice(0, found.start) + all.slice(found.end).replace(/^\r?\n/, "");
  }
  return all;
}

/** The last line that gives a name its value; a value in quotes may go on over several. */
function assignmentOf(name: string, text: string): { start: number; end: number } | undefined {
  const pattern = new RegExp(
    `^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=[ \\t]*(?:'[^']*'|"[^"]*"|\`[^\`]*\`)?[^\\r\\n]*`,
    "gm",
  );
  const last = [...text.matchAll(pattern)].at(-1);
  return last && { start: last.index, end: last.index + last[0].length };
}

function quoted(name: string, value: string): string {
  if (PLAIN.test(value)) return value;
  const quote = ["'", "`", '"'].find((mark) => !value.includes(mark));
  // Only double quotes make something else of a backslash.
  if (quote === undefined || (quote === '"' && value.includes("\\")))
    throw new Problem(`${name} has too many kinds of quotes for .dev.vars; use another value`);
  return `${quote}${value}${quote}`;
}
