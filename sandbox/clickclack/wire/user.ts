import type { UserRow } from "../store/tables.ts";

// In all of wire/, a member that is `undefined` does not appear in the answer, and the order of members is ClickClack's.

/** A user as others see it. */
export function userView(user: UserRow) {
  return {
    id: user.id,
    kind: user.kind,
    owner_user_id: user.owner_user_id || undefined,
    display_name: user.display_name,
    handle: user.handle,
    former_handle: user.former_handle || undefined,
    avatar_url: user.avatar_url,
    created_at: user.created_at,
    deleted_at: user.deleted_at || undefined,
  };
}

/** A user as they see themselves; people have settings, bots have not. */
export function ownUserView(user: UserRow) {
  const settings = { pushover_enabled: false, pushover_user_key: "" };
  return { ...userView(user), notification_settings: user.kind === "human" ? settings : undefined };
}
