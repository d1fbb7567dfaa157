/** Tokens of both remotes, and whatever follows a bearer scheme. */
const SECRETS = /\b(?:ccb|sst|ccs|mgt)_[0-9a-z]{8,}|\b(Bearer)\s+\S+/gi;
const MAX_CHARS = 500;

/**
 * Makes a text from outside safe to store, log or show: tokens are blanked, and it is cut to 500 characters. Meant for
 * error texts; nothing that we print holds a secret on purpose.
 */
export function redact(text: string): string {
  const clean = text.replace(SECRETS, (_all, scheme?: string) =>
    scheme === undefined ? "[secret]" : `${scheme} [secret]`,
  );
  return clean.length > MAX_CHARS ? `${clean.slice(0, MAX_CHARS)}…` : clean;
}

/** The safe text of anything thrown. */
export function errorText(error: unknown): string {
  return redact(error instanceof Error ? error.message : String(error));
}
