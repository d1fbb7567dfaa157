/**
 * Puts an account's `responsePrefix` before an answer: with one space, unless the answer starts with it already.
 *
 * @param prefix undefined or empty for none
 */
export function withPrefix(prefix: string | undefined, text: string): string {
  return prefix === undefined || prefix === "" || text.startsWith(prefix) ? text : `${prefix} ${text}`;
}
