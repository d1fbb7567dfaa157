import { badRequest, noRows } from "../errors.ts";
import { trimSpace } from "../rules/text.ts";
import type { Store } from "./store.ts";
import type { UserRow } from "./tables.ts";

const HANDLE = /^[a-z0-9][a-z0-9_-]{1,31}$/;
const DISPLAY_NAME_MAX_BYTES = 80;
const AVATAR_URL_MAX_BYTES = 500;

/** What a new person or bot is made of. */
export interface NewUser {
  readonly kind: "human" | "bot";
  readonly displayName: string;
  readonly handle: string;
  readonly avatarUrl: string;
  readonly ownerUserId: string;
}

/**
 * Requires a name, a handle and an avatar that are acceptable.
 *
 * @throws ApiError 400
 */
export function requireProfile(user: Pick<NewUser, "displayName" | "handle" | "avatarUrl">): void {
  normalizeDisplayName(user.displayName);
  normalizeHandle(user.handle);
  normalizeAvatarUrl(user.avatarUrl);
}

/**
 * Adds a person or a bot.
 *
 * @throws ApiError 400 when the name, the handle or the avatar is not acceptable
 */
export function insertUser(store: Store, user: NewUser): UserRow {
  const row: UserRow = {
    id: store.newId("usr"),
    kind: user.kind,
    owner_user_id: user.ownerUserId,
    display_name: normalizeDisplayName(user.displayName),
    handle: normalizeHandle(user.handle),
    former_handle: "",
    avatar_url: normalizeAvatarUrl(user.avatarUrl),
    created_at: store.now(),
    deleted_at: "",
  };
  store.users.set(row.id, row);
  return row;
}

/**
 * Requires that nobody else has a handle: they are unique over the whole server.
 *
 * @throws ApiError 400
 */
export function requireFreeHandle(store: Store, handle: string, exceptUserId = ""): void {
  const wanted = normalizeHandle(handle);
  if (wanted === "") return;
  for (const user of store.users.values()) {
    if (user.handle === wanted && user.id !== exceptUserId) throw badRequest("handle is already taken");
  }
}

/**
 * Changes a person's own profile; what is not given stays.
 *
 * @throws ApiError 400 when the name or the handle is not acceptable, or the handle is taken
 */
export function updateUser(
  store: Store,
  user: UserRow,
  change: { displayName: string | undefined; handle: string | undefined },
): void {
  const displayName =
    change.displayName === undefined ? user.display_name : normalizeDisplayName(change.displayName);
  const handle = change.handle === undefined ? user.handle : normalizeHandle(change.handle);
  // Here, other than in ClickClack, one who keeps their handle may share it with somebody in another workspace.
  if (handle !== user.handle) requireFreeHandle(store, handle, user.id);
  user.display_name = displayName;
  user.handle = handle;
}

/**
 * Returns a user by id.
 *
 * @throws ApiError 400 when there is none
 */
export function getUser(store: Store, id: string): UserRow {
  const user = store.users.get(id);
  if (user === undefined) throw noRows();
  return user;
}

function normalizeDisplayName(value: string): string {
  const name = trimSpace(value);
  if (name === "") throw badRequest("display_name is required");
  if (Buffer.byteLength(name) > DISPLAY_NAME_MAX_BYTES) throw badRequest("display_name is too long");
  return name;
}

function normalizeHandle(value: string): string {
  const handle = trimSpace(value).toLowerCase().replace(/^@/, "");
  if (handle !== "" && !HANDLE.test(handle)) {
    throw badRequest("handle must be 2-32 chars using letters, numbers, underscores, or dashes");
  }
  return handle;
}

function normalizeAvatarUrl(value: string): string {
  const avatarUrl = trimSpace(value);
  if (Buffer.byteLength(avatarUrl) > AVATAR_URL_MAX_BYTES) throw badRequest("avatar_url is too long");
  if (avatarUrl !== "" && !(URL.canParse(avatarUrl) && /^https?:/i.test(avatarUrl))) {
    throw badRequest("avatar_url must be an http or https URL");
  }
  return avatarUrl;
}
