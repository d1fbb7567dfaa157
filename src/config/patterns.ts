import { compilePattern, type PatternFlags } from "../domain/pattern.ts";
import { formatPath, type Path } from "./faults.ts";
import type { Fault } from "./types.ts";

/** How a pattern is mended that OpenClaw passes over as well. */
const MEND = {
  "unsafe-nested-repetition":
    "write it without a repetition of what repeats, or of choices of different length: (a+)+ matches no more than a+",
  "invalid-regex": "write a regular expression of JavaScript, with \\\\ for every backslash",
};

/**
 * Compiles patterns; one that cannot be used is passed over with a warning, as in OpenClaw. The warning does not quote it,
 * since a variable may have been filled in.
 *
 * @param texts as configured
 * @param path where the list stands
 */
export function compilePatterns(
  texts: readonly string[],
  path: Path,
  warnings: Fault[],
  flags: PatternFlags = "i",
): RegExp[] {
  return texts.flatMap((text, index) => {
    const compiled = compilePattern(text, flags);
    if (compiled === undefined) return [];
    if (compiled.ok) return [compiled.pattern];
    const found = `a pattern that is passed over: ${compiled.reason}`;
    warnings.push({ path: formatPath([...path, index]), found, mend: MEND[compiled.reason] });
    return [];
  });
}
