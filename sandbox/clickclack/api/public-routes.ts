import { ApiError, orUndefined } from "../errors.ts";
import { json } from "../pipeline/answer.ts";
import { requireScope, requireWorkspace } from "../pipeline/auth.ts";
import { type AnyRoute, route } from "../pipeline/route.ts";
import { getMessage } from "../store/messages.ts";

/** What a copied link leads to: its address has public ids (`/app/T…/M…`), or in old ones ClickClack's own. Messages only. */
export const publicRoutes: readonly AnyRoute[] = [
  route({
    method: "GET",
    path: "/api/routes/:workspace_route_id/:target_route_id",
    handle: ({ world: { store }, actor, params: { workspace_route_id = "", target_route_id = "" } }) => {
      if (!/^(?:M|msg_)/.test(target_route_id)) throw notFound();
      requireScope(actor, "threads:read");
      const workspace = [...store.workspaces.values()].find(({ id, route_id }) =>
        [id, route_id].includes(workspace_route_id),
      );
      const named = [...store.messages.values()].find(({ id, route_id }) =>
        [id, route_id].includes(target_route_id),
      );
      const root = named && orUndefined(() => getMessage(store, named.thread_root_id, actor.user.id));
      if (workspace === undefined || root === undefined || root.workspace_id !== workspace.id)
        throw notFound();
      requireWorkspace(actor, workspace.id);
      return json(200, {
        route: {
          workspace_id: workspace.id,
          workspace_route_id: workspace.route_id,
          target_type: "thread",
          target_id: root.id,
          target_route_id: root.route_id,
          canonical_path: `/app/${workspace.route_id}/${root.route_id}`,
        },
      });
    },
  }),
];

function notFound(): ApiError {
  return new ApiError(404, "route not found");
}
