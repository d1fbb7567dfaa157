import type { Flags } from "./flags.ts";
import type { Site } from "./site.ts";

/**
 * What is not said and cannot be known: all of it at once.
 *
 * What an account has already need not be said again. A new token needs its server beside it: it is shown to nobody whom
 * a document happens to name.
 *
 * @returns one line; undefined when nothing is missing
 */
export function missingFlags(flags: Flags, site: Site): string | undefined {
  const accountId = flags.accountId ?? site.usualAccountId;
  const missing: string[] = accountId === undefined ? ["--account"] : [];
  const isKnown = accountId !== undefined && site.isKnown(accountId);
  if (flags.code === undefined && !isKnown) {
    const token = flags.token ?? (accountId === undefined ? undefined : site.tokenOf(accountId));
    if (token === undefined) missing.push("--token");
    if (flags.baseUrl === undefined) missing.push("--base-url");
    if (flags.workspace === undefined) missing.push("--workspace");
  }
  if (missing.length === 0) return undefined;
  const ids =
    accountId === undefined
      ? `; the accounts are ${site.accountIds.join(", ")}, and a new id makes one more`
      : "";
  const other = missing.includes("--token")
    ? "; or give --code 'https://server/#CODE' in place of the bot's flags"
    : "";
  const guide = "; in a terminal, setup asks";
  return `${missing.join(", ")}: missing${ids}${other}${guide}`;
}
