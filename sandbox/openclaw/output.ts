/**
 * What becomes of a model's words on their way out. OpenClaw removes reply and voice tags, `MEDIA:` lines and thinking;
 * leaves `HEARTBEAT_OK` and a trailing `NO_REPLY` line in place; and takes an answer of nothing but `NO_REPLY`, in any
 * case, for silence.
 */

const SILENCE = "NO_REPLY";

/** What the gateway says in place of an answer that was only media. */
export const NO_RESPONSE = "No response from OpenClaw.";

const THINKING = /<think(?:ing)?>[\s\S]*?<\/think(?:ing)?>/gi;
const STRAY_THINKING_TAG = /<\/?think(?:ing)?>/gi;
const TAG = /[ \t]*\[\[\s*(?:reply_to_current|reply_to\s*:[^\]\n]+|audio_as_voice)\s*\]\][ \t]*/gi;
const MEDIA_LINE = /^[ \t]*MEDIA:[ \t]*(?:https:\/\/|[~./]).*(?:\n|$)/gim;

/** Tails that may yet turn out to be thinking, a tag or a `MEDIA:` line, and so cannot be shown before more is known. */
const UNDECIDED = [
  /<think(?:ing)?>[\s\S]*$/i,
  /<\/?(?:t|th|thi|thin|think|thinki|thinkin|thinking)?$/i,
  /\[(?:\[[^\]\n]*\]?)?$/,
  /(?<=^|\n)[ \t]*(?:M|ME|MED|MEDI|MEDIA|MEDIA:.*)$/i,
];

/** The visible text of a finished answer. */
export function visibleText(raw: string): string {
  const text = withoutTags(raw).replace(MEDIA_LINE, "").trim();
  return isSilence(text) ? "" : text;
}

/**
 * The visible text of an answer still under way. It only ever grows, so that a stream can append what is new: tails
 * that may change their meaning are held back, blanks at the end too.
 */
export function visibleSoFar(raw: string): string {
  const decided = UNDECIDED.reduce((text, tail) => text.replace(tail, ""), raw.replace(THINKING, ""));
  const text = visibleText(decided);
  return SILENCE.startsWith(text.toUpperCase()) ? "" : text;
}

/** An answer as a session's history shows it: `MEDIA:` lines stay there, and a silent end does not. */
export function historyText(raw: string): string {
  const text = withoutTags(raw).trim();
  return isSilence(text) ? "" : text.replace(/\s*\nNO_REPLY$/i, "");
}

/** Whether an answer is nothing but the word for silence. */
export function isSilence(text: string): boolean {
  return text.trim().toUpperCase() === SILENCE;
}

/** Whether an answer with no visible text had media, which makes it {@link NO_RESPONSE} instead of a failure. */
export function hasMedia(raw: string): boolean {
  return raw.search(MEDIA_LINE) >= 0;
}

/** Thinking that never closed is text after all. A tag between words leaves one blank in its place. */
function withoutTags(raw: string): string {
  const text = raw.replace(THINKING, "").replace(STRAY_THINKING_TAG, "");
  return text.replace(TAG, (tag, offset: number) => {
    const before = text[offset - 1] ?? "\n";
    const after = text[offset + tag.length] ?? "\n";
    return before === "\n" || after === "\n" ? "" : " ";
  });
}
