/**
 * Whether a request asks to be answered before it is carried out: the preference `respond-async` of RFC 7240.
 *
 * Names are case-insensitive, parameters of a preference are left alone, and what an unknown preference holds between
 * quotes is not one. `wait`, which asks to wait a while first, is not honoured; a server need not.
 *
 * @param header `Prefer`, several joined by commas; absent for none
 */
export function prefersAsync(header: string | undefined): boolean {
  const unquoted = (header ?? "").replace(/"((?:[^"\\]|\\.)*)"/g, (_all, held) =>
    held === "" ? '""' : '"…"',
  );
  return unquoted.split(",").some((preference) => {
    const [name = ""] = preference.split(";");
    // An empty value says the same as none.
    return /^respond-async(?:\s*=\s*(?:"")?)?$/i.test(name.trim());
  });
}
