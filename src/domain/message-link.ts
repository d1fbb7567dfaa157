/**
 * A message as people name it: by its id, or by ClickClack's public name for it, the two parts of a copied link, which only
 * ClickClack can turn into an id.
 */
export type NamedMessage = { id: string } | { workspaceRoute: string; route: string };

/** Messages, and slash commands by their trigger id. */
const ID = /(?<![a-z0-9])(?:msg|sci)_[a-z0-9]+/gi;
/** `/app/T…/M…` is what "Copy link" gives, `/embed/thread/T…/M…` shows the same: one letter, 16 characters of Crockford's base32. */
const ROUTE = /(?:^|\/)(T[0-9A-HJKMNP-TV-Z]{16})\/(M[0-9A-HJKMNP-TV-Z]{16})(?![0-9A-Z])/;

/**
 * Reads what somebody has pasted: an id, or a link of ClickClack's in its new or old form (`/app/wsp_…/msg_…`). Of several
 * ids, as in a thread's address, the last is meant.
 *
 * @returns undefined for anything else, links to channels and direct conversations among it
 */
export function readMessageLink(written: string): NamedMessage | undefined {
  const id = written.match(ID)?.at(-1);
  if (id !== undefined) return { id: id.toLowerCase() };
  const [, workspaceRoute, route] = ROUTE.exec(written) ?? [];
  return workspaceRoute === undefined || route === undefined ? undefined : { workspaceRoute, route };
}
