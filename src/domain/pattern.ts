/** A pattern that a message may match, or why the text is none. */
export type Compiled =
  | { ok: true; pattern: RegExp }
  | { ok: false; reason: "unsafe-nested-repetition" | "invalid-regex" };

/** `i` for what an operator writes, `iu` for what is derived from an agent's name. */
export type PatternFlags = "i" | "iu";

/**
 * Compiles a mention pattern by the rule of OpenClaw's gateway (2026.9), so that one document gives the same patterns in
 * both places. A literal backspace is read as `\b`: in JSON5, `"\brosie\b"` has two of them.
 *
 * @param text the pattern as configured
 * @returns undefined for blank text, which is passed over
 */
export function compilePattern(text: string, flags: PatternFlags = "i"): Compiled | undefined {
  const source = text.replaceAll("\b", "\\b").trim();
  if (source === "") return undefined;
  if (repeatsRepetition(source)) return { ok: false, reason: "unsafe-nested-repetition" };
  try {
    return { ok: true, pattern: new RegExp(source, flags) };
  } catch {
    return { ok: false, reason: "invalid-regex" };
  }
}

/** What a quantifier may stand behind: one character, class or group. */
interface Atom {
  /** Something in it is repeated. */
  repeats: boolean;
  /** A group whose branches match different lengths. */
  uneven: boolean;
  length: Length;
}

/** Least and greatest number of characters. */
type Length = [least: number, most: number];

interface Group {
  /** Closed branches, then the one that is being read. */
  branches: Length[];
  repeats: boolean;
  last?: Atom | undefined;
}

/** An escape, a class, a quantifier, or a single character. A class that is not closed reaches to the end. */
const TOKEN = /\\.?|\[(?:\\.?|[^\]\\])*\]?|[*+?]\??|\{(\d+)(,?)(\d*)\}\??|./gs;

/**
 * Whether a quantifier stands behind something that contains one, or one without an upper bound behind branches of
 * different length.
 *
 * The characters after `(?` count as characters of the first branch, so that `(?:a|b)*` is refused and `(?:a|aa)*` is not.
 * That is OpenClaw's way of counting, kept on purpose: a pattern must not answer here and be refused there.
 */
function repeatsRepetition(source: string): boolean {
  const groups: [Group, ...Group[]] = [newGroup()];
  for (const match of source.matchAll(TOKEN)) {
    const group = groups.at(-1) ?? groups[0];
    const bounds = quantifierBounds(match);
    if (bounds !== undefined) {
      if (group.last === undefined) continue;
      if (group.last.repeats || (group.last.uneven && bounds[1] === Number.POSITIVE_INFINITY)) return true;
      repeatLast(group, group.last, bounds);
    } else if (match[0] === "(") {
      groups.push(newGroup());
    } else if (match[0] === "|") {
      group.branches.push([0, 0]);
      group.last = undefined;
    } else if (match[0] !== ")") {
      append(group, { repeats: false, uneven: false, length: [1, 1] });
    } else if (groups.length > 1) {
      groups.pop();
      append(groups.at(-1) ?? groups[0], asAtom(group));
    }
  }
  return false;
}

function newGroup(): Group {
  return { branches: [[0, 0]], repeats: false };
}

/** @returns undefined for a token that is no quantifier; a `{` may be a plain character */
function quantifierBounds([token, least, comma, most]: RegExpExecArray): Length | undefined {
  if (least !== undefined) {
    const from = Number(least);
    const to = most ? Number(most) : comma ? Number.POSITIVE_INFINITY : from;
    return to < from ? undefined : [from, to];
  }
  if (token.startsWith("*")) return [0, Number.POSITIVE_INFINITY];
  if (token.startsWith("+")) return [1, Number.POSITIVE_INFINITY];
  return token.startsWith("?") ? [0, 1] : undefined;
}

function append(group: Group, atom: Atom): void {
  group.last = atom;
  group.repeats ||= atom.repeats;
  addLength(group, atom.length);
}

function repeatLast(group: Group, atom: Atom, [least, most]: Length): void {
  const [shortest, longest] = atom.length;
  const isBounded = Number.isFinite(most);
  const repeated: Length = [shortest * least, isBounded ? longest * most : Number.POSITIVE_INFINITY];
  addLength(group, [repeated[0] - shortest, repeated[1] - longest]);
  group.last = { ...atom, repeats: true, length: repeated };
  group.repeats = true;
}

function addLength(group: Group, [least, most]: Length): void {
  const branch = group.branches.at(-1);
  if (branch === undefined) return;
  branch[0] += least;
  branch[1] += most;
}

function asAtom({ branches, repeats }: Group): Atom {
  const least = Math.min(...branches.map(([shortest]) => shortest));
  const most = Math.max(...branches.map(([, longest]) => longest));
  return { repeats, uneven: branches.length > 1 && least !== most, length: [least, most] };
}
