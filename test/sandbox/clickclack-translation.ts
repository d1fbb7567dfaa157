// A recording holds the ids, times and secrets of the server that it was made on; a stand-in makes its own. This file
// keeps the two apart from what must be equal: it learns which value stands for which while answers are compared.

const OPAQUE: readonly RegExp[] = [
  /^[a-z]+_[0-9a-hjkmnp-tv-z]{26}$/,
  /^[TCDM][0-9A-HJKMNP-TV-Z]{16}$/,
  /^eph_\d{14}\.\d{9}$/,
  /^corr_[0-9a-f]{32}$/,
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{0,8}[1-9])?Z$/,
  /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/,
];
const SECRETS: ReadonlyMap<string, RegExp> = new Map([
  ["ccb_<bot token>", /^ccb_[0-9a-hjkmnp-tv-z]{26}$/],
  ["ccs_<signing secret>", /^ccs_[0-9a-hjkmnp-tv-z]{26}$/],
]);
const RECORDED_HOST = "http://host";

/** What stands for what. Every pair is learnt once and holds from then on, in both directions. */
export class Translation {
  readonly #actual = new Map<string, string>();
  readonly #recorded = new Map<string, string>();

  constructor(baseUrl: string) {
    this.#actual.set(RECORDED_HOST, baseUrl);
  }

  /** Returns a recorded text with everything known in it replaced: for paths and bodies of requests. */
  toActual(text: string): string {
    let translated = text;
    for (const [recorded, actual] of this.#actual) translated = translated.replaceAll(recorded, actual);
    return translated;
  }

  /** Returns whether an actual text is what a recorded one stands for, learning from it if it is new. */
  matches(recorded: string, actual: string): boolean {
    if (this.toActual(recorded) === actual) return true;
    const secret = SECRETS.get(recorded);
    if (secret !== undefined) return secret.test(actual);
    if (this.#actual.has(recorded) || this.#recorded.has(actual) || !sameKind(recorded, actual)) return false;
    this.#actual.set(recorded, actual);
    this.#recorded.set(actual, recorded);
    return true;
  }
}

/**
 * Returns the differences between a recorded value and an actual one: keys and their order, lengths, types, and every
 * literal that does not depend on ids and time.
 */
export function differences(
  recorded: unknown,
  actual: unknown,
  translation: Translation,
  path = "$",
): string[] {
  if (typeof recorded === "string" && typeof actual === "string") {
    return translation.matches(recorded, actual) ? [] : [`${path}: recorded ${recorded}, got ${actual}`];
  }
  if (!isObject(recorded) || !isObject(actual)) {
    return Object.is(recorded, actual)
      ? []
      : [`${path}: recorded ${inspect(recorded)}, got ${inspect(actual)}`];
  }
  const recordedKeys = Object.keys(recorded);
  const actualKeys = Object.keys(actual);
  if (recordedKeys.join() !== actualKeys.join())
    return [`${path}: recorded keys ${recordedKeys}, got ${actualKeys}`];
  return recordedKeys.flatMap((key) =>
    differences(recorded[key], actual[key], translation, `${path}.${key}`),
  );
}

function sameKind(recorded: string, actual: string): boolean {
  const kind = OPAQUE.find((pattern) => pattern.test(recorded));
  return kind?.test(actual) === true && prefixOf(recorded) === prefixOf(actual);
}

/** The prefix of an id tells what it is of, and so does the first letter of a route id. */
function prefixOf(value: string): string {
  return /^(?:[a-z]+_|[TCDM](?=[0-9A-Z]{16}$))/.exec(value)?.[0] ?? "";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function inspect(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}
