import { call } from "./api.js";

// sessionStorage belongs to one tab, so two tabs can be two people.
const STORAGE_KEY = "clickclack.identity";

/**
 * Who this tab is, and where.
 *
 * @typedef {{id: string, display_name: string, handle: string, token: string}} Person
 * @typedef {{id: string, name: string}} Workspace
 * @typedef {{person: Person, workspace: Workspace}} Identity
 */

/** @returns {Promise<Workspace[]>} */
export async function listWorkspaces() {
  return (await call("GET", "/sandbox/workspaces")).workspaces;
}

/**
 * Lists who one can be. The tokens come along: that exists in the stand-in only.
 *
 * @param {string} workspaceId
 * @returns {Promise<Person[]>}
 */
export async function listPeople(workspaceId) {
  return (await call("GET", `/sandbox/people?workspace_id=${workspaceId}`)).people;
}

/** @returns {Identity | undefined} */
export function remembered() {
  return JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? "null") ?? undefined;
}

/** @param {Identity} identity */
export function remember(identity) {
  sessionStorage.setItem(STORAGE_KEY, JSON.stringify(identity));
}

/** Starts over as nobody. A reload ends every socket and timer, so nothing else has to know how to stop. */
export function forget() {
  sessionStorage.removeItem(STORAGE_KEY);
  history.replaceState(null, "", location.pathname);
  location.reload();
}
