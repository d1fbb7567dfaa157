import { badRequest, noRows } from "../errors.ts";
import { trimSpace } from "../rules/text.ts";
import type { CallbackOwner } from "./callback-tables.ts";
import { requireManager } from "./members.ts";
import type { Store } from "./store.ts";

// What event subscriptions and slash commands have in common.

/**
 * Requires that none is to hang on an installed app. The stand-in has no apps, so every app is an unknown one.
 *
 * @throws ApiError 400 with ClickClack's no-rows text
 */
export function requireNoInstallation(appInstallationId: string): void {
  if (trimSpace(appInstallationId) !== "") throw noRows();
}

/**
 * Returns a row by its id, revoked or not.
 *
 * @throws ApiError 400 when there is none
 */
export function getOwner<T extends CallbackOwner>(table: ReadonlyMap<string, T>, id: string): T {
  const row = table.get(trimSpace(id));
  if (row === undefined) throw noRows();
  return row;
}

/**
 * Ends a row, once.
 *
 * @throws ApiError 400 when there is none, 403 when the caller is no manager
 */
export function revokeOwner<T extends CallbackOwner>(
  store: Store,
  table: ReadonlyMap<string, T>,
  id: string,
  callerId: string,
): T {
  const row = getOwner(table, id);
  requireManager(store, row.workspace_id, callerId);
  row.revoked_at ||= store.now();
  return row;
}

/**
 * Gives a row a new secret. The old one is dead at once: there is no time in which both are good.
 *
 * @param name what the row is called when it is refused
 * @throws ApiError 400 when there is none or it is revoked, 403 when the caller is no manager
 */
export function rotateSecret<T extends CallbackOwner>(
  store: Store,
  table: ReadonlyMap<string, T>,
  id: string,
  callerId: string,
  name: string,
): T {
  const row = getOwner(table, id);
  requireManager(store, row.workspace_id, callerId);
  if (row.revoked_at !== "") throw badRequest(`cannot rotate a revoked ${name}`);
  row.signing_secret = store.newId("ccs");
  return row;
}

/** Returns what is in force in a workspace, in the order in which it was made. */
export function activeIn<T extends CallbackOwner>(table: ReadonlyMap<string, T>, workspaceId: string): T[] {
  return [...table.values()].filter((row) => row.workspace_id === workspaceId && row.revoked_at === "");
}
