const HANDLE_CHARACTER = /[A-Za-z0-9_-]/;
const SCHEME_RUN = /[A-Za-z0-9+.-]+(:\/\/)?/g;

/**
 * Returns the handles that a message mentions, lowercase and once each.
 *
 * ClickClack counts `@handle` only where no handle character and no `@` stands before it, and skips words that look
 * like URLs (`scheme://…`, `www.…`) and Markdown links (`[label](target)`) altogether.
 */
export function mentionedHandles(body: string): string[] {
  if (!body.includes("@")) return [];
  const schemes = schemeStarts(body);
  const handles = new Set<string>();
  for (let at = 0; at < body.length; at++) {
    const skipped = isUrl(body, at, schemes) ? lastOfWord(body, at) : lastOfLink(body, at);
    if (skipped !== undefined) {
      at = skipped;
      continue;
    }
    if (body[at] !== "@" || (at > 0 && spoilsMention(body.charAt(at - 1)))) continue;
    let end = at + 1;
    while (end < body.length && HANDLE_CHARACTER.test(body.charAt(end))) end++;
    if (end === at + 1) continue;
    handles.add(body.slice(at + 1, end).toLowerCase());
    at = end - 1;
  }
  return [...handles];
}

function spoilsMention(character: string): boolean {
  return character === "@" || HANDLE_CHARACTER.test(character);
}

/** Returns where schemes begin: a run of scheme characters before `://` counts from its first character that is no digit. */
function schemeStarts(body: string): Set<number> {
  const starts = new Set<number>();
  for (const run of body.matchAll(SCHEME_RUN)) {
    if (run[1] !== undefined) starts.add(run.index + run[0].search(/[^0-9]/));
  }
  return starts;
}

function isUrl(body: string, at: number, schemes: ReadonlySet<number>): boolean {
  return schemes.has(at) || body.slice(at, at + 4).toLowerCase() === "www.";
}

function lastOfWord(body: string, at: number): number {
  let end = at;
  while (end < body.length && !/[ \n\r\t]/.test(body.charAt(end))) end++;
  return end - 1;
}

function lastOfLink(body: string, at: number): number | undefined {
  if (body[at] !== "[") return undefined;
  const labelEnd = body.indexOf("]", at + 1);
  if (labelEnd < 0 || body[labelEnd + 1] !== "(") return undefined;
  const targetEnd = body.indexOf(")", labelEnd + 2);
  return targetEnd < 0 ? undefined : targetEnd;
}
