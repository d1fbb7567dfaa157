import { badRequest } from "../errors.ts";
import type { SocketSwitches } from "../realtime/switches.ts";
import { type ControlRoute, numberOf, textOf } from "./router.ts";

/** Shows the open WebSockets, breaks them, and changes what comes over them. */
export const socketRoutes: readonly ControlRoute[] = [
  [
    "GET",
    "sockets",
    ({ world, query }) => ({
      sockets: world.sockets.of(query.get("user_id") ?? undefined).map((socket) => ({
        user_id: socket.userId,
        workspace_id: socket.workspaceId,
        opened_at: socket.openedAt,
        sent: socket.sent,
      })),
    }),
  ],
  [
    "POST",
    "sockets/close",
    ({ world, body }) => {
      const sockets = world.sockets.of(textOf(body, "user_id"));
      const code = numberOf(body, "code");
      for (const socket of sockets) socket.close(code, typeof body.reason === "string" ? body.reason : "");
      return { closed: sockets.length };
    },
  ],
  [
    "POST",
    "sockets/destroy",
    ({ world, body }) => {
      const sockets = world.sockets.of(textOf(body, "user_id"));
      for (const socket of sockets) socket.reset();
      return { destroyed: sockets.length };
    },
  ],
  // What ClickClack would never send: what stands before it may, and so may another version of it.
  [
    "POST",
    "sockets/frame",
    async ({ world, body }) => {
      const sockets = world.sockets.of(textOf(body, "user_id"));
      for (const socket of sockets) await socket.inject(textOf(body, "text"));
      return { written: sockets.length };
    },
  ],
  switchRoute("deaf"),
  switchRoute("stalled"),
  switchRoute("duplicate"),
  switchRoute("reorder"),
];

/** Returns the switch of this name: `{user_id, <name>: true|false}`. */
function switchRoute(name: keyof SocketSwitches): ControlRoute {
  return [
    "POST",
    `sockets/${name}`,
    ({ world, body }) => {
      const isOn = body[name];
      if (typeof isOn !== "boolean") throw badRequest(`${name} must be true or false`);
      return world.switches.set(textOf(body, "user_id"), { [name]: isOn });
    },
  ];
}
