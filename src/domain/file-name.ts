/** What no name of a file may have: ways out of a folder, and what would end a header. */
const FORBIDDEN = /[\\/\p{Cc}]/gu;

/** Whether a text can be a file's name as it stands. */
export function isFileName(text: string): boolean {
  return text.trim() !== "" && !/^\.{1,2}$/.test(text) && text.search(FORBIDDEN) === -1;
}

/**
 * The name that a file's address tells: the last part of its path.
 *
 * @param maxChars the end of a longer one counts, where its type stands
 */
export function fileNameOf(url: URL, maxChars: number): string {
  const part = url.pathname.split("/").findLast((piece) => piece !== "") ?? "";
  const name = decoded(part).replace(FORBIDDEN, "_").trim().slice(-maxChars);
  return isFileName(name) ? name : "file";
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
