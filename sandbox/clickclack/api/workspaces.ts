import { badRequest } from "../errors.ts";
import { json, struct } from "../pipeline/answer.ts";
import { requireWorkspace } from "../pipeline/auth.ts";
import { type AnyRoute, type Call, route } from "../pipeline/route.ts";
import { trimSpace } from "../rules/text.ts";
import { memberPage } from "../store/member-pages.ts";
import { createWorkspace, getWorkspace, workspacesOf } from "../store/workspaces.ts";
import { workspaceView } from "../wire/place.ts";
import { userView } from "../wire/user.ts";

const MEMBERS_DEFAULT = 100;
const MEMBERS_MAX = 200;

/** Workspaces and who is in them. */
export const workspaceRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/api/workspaces",
    scope: "workspaces:read",
    handle: ({ world, actor }) => {
      const all = workspacesOf(world.store, actor.user.id);
      const bound = all.filter(
        ({ workspace }) => (actor.token?.workspace_id ?? workspace.id) === workspace.id,
      );
      return json(200, {
        workspaces: bound.map(({ workspace, member }) => workspaceView(workspace, member.role)),
      });
    },
  }),
  route({
    method: "POST",
    path: "/api/workspaces",
    refuseBots: "bot tokens cannot create workspaces",
    body: { name: "string", slug: "string" },
    handle: ({ world, actor, body }) =>
      json(201, { workspace: workspaceView(createWorkspace(world.store, body, actor.user.id), "owner") }),
  }),
  route({
    method: "GET",
    path: "/api/workspaces/:workspace_id",
    scope: "workspaces:read",
    handle: ({ world, actor, params }) => {
      const workspaceId = params.workspace_id ?? "";
      requireWorkspace(actor, workspaceId);
      const { workspace, member } = getWorkspace(world.store, workspaceId, actor.user.id);
      return json(200, { workspace: workspaceView(workspace, member.role) });
    },
  }),
  route({
    method: "GET",
    path: "/api/workspaces/:workspace_id/members",
    scope: "workspaces:read",
    handle: members,
  }),
];

function members({ world, actor, params, query }: Call) {
  const workspaceId = params.workspace_id ?? "";
  requireWorkspace(actor, workspaceId);
  const page = memberPage(world.store, workspaceId, actor.user.id, {
    limit: membersLimit(trimSpace(query.get("limit") ?? "")),
    search: trimSpace(query.get("q") ?? "").toLowerCase(),
    role: trimSpace(query.get("role") ?? ""),
    cursor: trimSpace(query.get("cursor") ?? ""),
  });
  const shown = page.members.map(({ member, user }) => ({
    workspace_id: workspaceId,
    user: userView(user),
    role: member.role,
    joined_at: member.joined_at,
  }));
  return struct(200, { ...page, members: shown });
}

/** Members are the one list whose limit is clamped, and where a bad one is refused. */
function membersLimit(raw: string): number {
  if (raw === "") return MEMBERS_DEFAULT;
  const limit = /^[+-]?[0-9]+$/.test(raw) ? Number(raw) : 0;
  if (limit < 1) throw badRequest("invalid workspace member page request: limit must be positive");
  return Math.min(limit, MEMBERS_MAX);
}
