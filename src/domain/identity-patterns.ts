import { withoutInvisible } from "./mention.ts";

/** What continues a word: letters, digits, connectors such as `_`, and marks upon letters. */
const WORD = String.raw`[\p{L}\p{N}\p{Pc}\p{M}]`;

/** A grapheme that belongs to a name's words. */
const HAS_WORD = /[\p{L}\p{N}\p{Pc}]/u;
/** A digit or sign that a selector turns into a picture, such as a keycap: no part of a word. */
const PICTURE = /^\p{Emoji}.*[\uFE0F\u20E3]/u;
/** Symbols, marks upon them, skin tones and flag tags: what people leave out when they call somebody. */
const ORNAMENT =
  /^[\u{1F3FB}-\u{1F3FF}\s\p{So}\p{M}\u{E0020}-\u{E007F}\u200b-\u200f\u202a-\u202e\u2060-\u206f]+$/u;

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** A stretch of a name: words, ornaments that may be left out, or signs that may not, as in `Jean-Luc`. */
interface Run {
  isWord: boolean;
  graphemes: string[];
}

/**
 * The patterns by which an agent is called when none are configured, by the rule of OpenClaw's gateway (2026.9): its name
 * as a word of its own, with `@` or without, and its emoji anywhere. Emoji around or within the name may be left out:
 * `🦞 Molty` is called by `molty`, `🦞molty` and `@Molty`.
 *
 * To be compiled with the flags `iu` and put to text without invisible characters.
 *
 * @param identity the agent's `identity`
 */
export function identityPatterns({
  name,
  emoji,
}: {
  name?: string | undefined;
  emoji?: string | undefined;
}): string[] {
  const called = withoutInvisible(emoji ?? "").trim();
  return [...namePattern(name?.trim() ?? ""), ...(called === "" ? [] : [escaped(called)])];
}

function namePattern(name: string): string[] {
  const runs = runsOf(name);
  const hasWord = runs.some(({ isWord }) => isWord);
  const leading = hasWord && isOrnament(runs[0]) ? runs.shift() : undefined;
  const trailing = hasWord && isOrnament(runs.at(-1)) ? runs.pop() : undefined;
  const core = hasWord ? runs.map(inner).join("") : literal(name);
  if (core === "") return [];
  const before = outer(leading);
  const after = outer(trailing);
  const start = before === "" ? "" : String.raw`(?:${before}\s*|)`;
  // With its ornament, or without it; and an ornament that follows must not itself run into a word.
  const end =
    after === "" ? `(?!${WORD})` : String.raw`(?:\s*${after}(?!${WORD})|(?!${WORD})(?!\s*${after}${WORD}))`;
  return [`(?:@|(?<!${WORD}${start}))${start}${core}${end}`];
}

function runsOf(name: string): Run[] {
  const runs: Run[] = [];
  for (const { segment } of GRAPHEMES.segment(name)) {
    const isWord = HAS_WORD.test(segment) && !PICTURE.test(segment);
    const last = runs.at(-1);
    if (last?.isWord === isWord) last.graphemes.push(segment);
    else runs.push({ isWord, graphemes: [segment] });
  }
  return runs;
}

function isOrnament(run: Run | undefined): boolean {
  return (
    run !== undefined &&
    !run.isWord &&
    run.graphemes.every((grapheme) => PICTURE.test(grapheme) || ORNAMENT.test(grapheme))
  );
}

function inner(run: Run): string {
  const text = run.graphemes.join("");
  if (run.isWord) return literal(text);
  if (!isOrnament(run)) return spaced(text);
  const isSpaced = /\s/u.test(text);
  const drawn = run.graphemes.map(literal).filter((text) => text.trim() !== "");
  if (drawn.length === 0) return isSpaced ? String.raw`\s+` : "";
  return String.raw`(?:\s*${drawn.join(String.raw`\s*`)}\s*|\s${isSpaced ? "+" : "*"})`;
}

function outer(run: Run | undefined): string {
  return (run?.graphemes ?? [])
    .map(literal)
    .filter((text) => text.trim() !== "")
    .join("");
}

function spaced(text: string): string {
  return withoutInvisible(text).split(/\s+/u).map(escaped).join(String.raw`\s+`);
}

function literal(text: string): string {
  return escaped(withoutInvisible(text));
}

/** Only what has a meaning of its own: with the flag `u`, an escaped too many is an error. */
function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
