import { badRequest } from "../errors.ts";
import { membershipRemoved } from "../realtime/revocations.ts";
import { dropMember } from "../store/bots.ts";
import { pruneEvents } from "../store/events.ts";
import { insertMember, requireMember } from "../store/members.ts";
import { restoreTo } from "../store/restore.ts";
import { revokeBotToken } from "../store/tokens.ts";
import { getUser } from "../store/users.ts";
import { type ControlCall, type ControlRoute, numberOf, textOf } from "./router.ts";

/** What an operator or a person at the other side may do behind a client's back. */
export const stateRoutes: readonly ControlRoute[] = [
  [
    "POST",
    "prune",
    ({ world, body }) => {
      const gone = pruneEvents(world.store, textOf(body, "workspace_id"), numberOf(body, "keep"));
      return { pruned: gone.length, up_to: gone.at(-1)?.cursor ?? "" };
    },
  ],
  [
    "POST",
    "restore",
    ({ world, body }) => ({
      dropped: restoreTo(world.store, textOf(body, "workspace_id"), textOf(body, "cursor")),
    }),
  ],
  ["POST", "revoke", revoke],
  [
    "POST",
    "remove-member",
    ({ world, body }) => {
      const workspaceId = textOf(body, "workspace_id");
      const userId = textOf(body, "user_id");
      requireMember(world.store, workspaceId, userId);
      dropMember(world.store, workspaceId, userId);
      if (world.store.users.get(userId)?.kind === "bot") {
        world.hub.publish(membershipRemoved(world.store, workspaceId, userId));
      }
      return { ok: true };
    },
  ],
  [
    "POST",
    "restore-member",
    ({ world, body }) => {
      const user = getUser(world.store, textOf(body, "user_id"));
      const role = user.kind === "bot" ? "bot" : body.role === "owner" ? "owner" : "member";
      insertMember(world.store, textOf(body, "workspace_id"), user.id, role);
      return { role };
    },
  ],
  [
    "POST",
    "block",
    ({ world, body }) => {
      const member = requireMember(world.store, textOf(body, "workspace_id"), textOf(body, "user_id"));
      member.blocked_at = body.blocked === false ? "" : world.store.now();
      return { blocked: member.blocked_at !== "" };
    },
  ],
  [
    "POST",
    "replay-cap",
    ({ world, body }) => {
      world.replayCaps.set(textOf(body, "workspace_id"), numberOf(body, "cap"));
      return { ok: true };
    },
  ],
];

/** Revokes a bot's token, or ends a person's session. */
function revoke({ world, body }: ControlCall): object {
  const secret = textOf(body, "token");
  const token = world.store.botTokens.get(secret);
  if (token !== undefined) revokeBotToken(world.store, token);
  else if (!world.store.sessions.delete(secret)) throw badRequest("there is no such token");
  return { ok: true };
}
