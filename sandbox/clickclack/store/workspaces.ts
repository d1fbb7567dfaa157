import { badRequest, noRows } from "../errors.ts";
import { newRouteId } from "../rules/ids.ts";
import { slug, trimSpace } from "../rules/text.ts";
import { findMember, insertMember, requireMember } from "./members.ts";
import type { Store } from "./store.ts";
import type { MemberRow, WorkspaceRow } from "./tables.ts";

const RESERVED_SLUGS = new Set(["clickclack", "guests"]);

/**
 * Adds a workspace. Names may repeat, slugs may not.
 *
 * @throws ApiError 400 when the slug is taken, in the words of the database
 */
export function insertWorkspace(store: Store, input: { name: string; slug: string }): WorkspaceRow {
  const name = trimSpace(input.name) || "Untitled";
  const wanted = slug(input.slug) || slug(name);
  for (const workspace of store.workspaces.values()) {
    if (workspace.slug === wanted)
      throw badRequest("constraint failed: UNIQUE constraint failed: workspaces.slug (2067)");
  }
  const row: WorkspaceRow = {
    id: store.newId("wsp"),
    route_id: newRouteId("T"),
    name,
    slug: wanted,
    icon_url: "",
    created_at: store.now(),
  };
  store.workspaces.set(row.id, row);
  return row;
}

/**
 * Adds a workspace for a person, who becomes its owner.
 *
 * @throws ApiError 400 when the slug is reserved or taken
 */
export function createWorkspace(
  store: Store,
  input: { name: string; slug: string },
  ownerId: string,
): WorkspaceRow {
  if (RESERVED_SLUGS.has(slug(input.slug) || slug(input.name)))
    throw badRequest("workspace slug is reserved");
  const workspace = insertWorkspace(store, input);
  insertMember(store, workspace.id, ownerId, "owner", workspace.created_at);
  return workspace;
}

/**
 * Returns a workspace that the user is a member of, and the membership.
 *
 * @throws ApiError 400 when there is none
 */
export function getWorkspace(
  store: Store,
  workspaceId: string,
  userId: string,
): { workspace: WorkspaceRow; member: MemberRow } {
  const workspace = store.workspaces.get(workspaceId);
  if (workspace === undefined) throw noRows();
  return { workspace, member: requireMember(store, workspaceId, userId) };
}

/** Returns the workspaces that the user is a member of, oldest first. */
export function workspacesOf(store: Store, userId: string): { workspace: WorkspaceRow; member: MemberRow }[] {
  return [...store.workspaces.values()].flatMap((workspace) => {
    const member = findMember(store, workspace.id, userId);
    return member === undefined ? [] : [{ workspace, member }];
  });
}
