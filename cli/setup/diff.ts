import JSON5 from "json5";
import { namedVariable } from "../../src/config/secrets.ts";
import { redact } from "../../src/observe/redact.ts";

const CONTEXT = 2;
/** Keys whose texts are not shown: what stands there in plain text may be a secret of any plugin. */
const SECRET_KEY = /token|secret|password|passphrase|key$|credential|cookie|code$/i;

/**
 * What changes from one text to another, line by line, as `diff -u` shows it. Values of secrets are blanked on both sides.
 *
 * @returns no line when nothing changes
 */
export function differences(before: string, after: string): string[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const steps = compare(old, now);
  const hide = hider(before, after);
  const isNear = (index: number) =>
    steps.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(([mark]) => mark !== " ");
  const lines: string[] = [];
  let wasShown = true;
  for (const [index, [mark, line]] of steps.entries()) {
    const isShown = isNear(index);
    if (isShown && !wasShown) lines.push("  …");
    if (isShown) lines.push(`${mark} ${hide(line)}`.trimEnd());
    wasShown = isShown;
  }
  return lines;
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** The longest common subsequence; documents have hundreds of lines, not thousands. */
function compare(old: readonly string[], now: readonly string[]): [mark: " " | "-" | "+", line: string][] {
  const width = now.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  const at = (row: number, column: number) => common[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row--)
    for (let column = now.length - 1; column >= 0; column--)
      common[row * width + column] =
        old[row] === now[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
  const steps: [" " | "-" | "+", string][] = [];
  let [row, column] = [0, 0];
  while (row < old.length || column < now.length) {
    const [gone = "", come = ""] = [old[row], now[column]];
    if (row < old.length && column < now.length && gone === come) {
      steps.push([" ", gone]);
      row++;
      column++;
    } else if (row < old.length && (column === now.length || at(row + 1, column) >= at(row, column + 1))) {
      steps.push(["-", gone]);
      row++;
    } else {
      steps.push(["+", come]);
      column++;
    }
  }
  return steps;
}

function hider(...texts: readonly string[]): (line: string) => string {
  const written = texts.filter((text) => text.trim() !== "");
  const secrets = new Set(written.flatMap((text) => secretsIn(JSON5.parse(text), "")));
  const escaped = [...secrets].flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  const longestFirst = escaped.sort((one, other) => other.length - one.length);
  return (line) => redact(longestFirst.reduce((all, secret) => all.replaceAll(secret, "[secret]"), line));
}

function secretsIn(value: unknown, key: string): string[] {
  if (typeof value === "string")
    return SECRET_KEY.test(key) && value.trim() !== "" && namedVariable(value) === undefined ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  // The name within a reference is none.
  const isReference = Object.hasOwn(value, "source") && Object.hasOwn(value, "id");
  if (isReference) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    secretsIn(inner, Array.isArray(value) ? key : name),
  );
}
