/**
 * What is open lives in the address, so that reload, back, forward and bookmarks work:
 * `#channel/<id>`, `#dm/<id>`, either with `/<root message id>` for an open thread.
 *
 * @typedef {import("./api.js").Place} Place
 * @typedef {{place?: Place, rootId?: string}} Route
 */

/** @returns {Route} */
export function currentRoute() {
  const [kind, id, rootId] = location.hash.slice(1).split("/");
  if ((kind !== "channel" && kind !== "dm") || !id) return {};
  return { place: { kind, id }, rootId: rootId || undefined };
}

/**
 * @param {Place} place
 * @param {string} [rootId]
 */
export function hrefTo(place, rootId) {
  return `#${place.kind}/${place.id}${rootId ? `/${rootId}` : ""}`;
}

/** @param {Place | undefined} one @param {Place | undefined} other */
export function isSamePlace(one, other) {
  return one?.kind === other?.kind && one?.id === other?.id;
}
