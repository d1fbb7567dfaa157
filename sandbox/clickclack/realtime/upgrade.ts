import type { IncomingMessage } from "node:http";
import { type Answer, text } from "../pipeline/answer.ts";
import { bearerProtocol } from "../pipeline/auth.ts";
import type { World } from "../world.ts";
import { acceptKey } from "./frames.ts";
import { RealtimeSocket } from "./socket.ts";

/** Returns the answer to a WebSocket handshake whose caller and workspace are in order. */
export function upgrade(
  world: World,
  request: IncomingMessage,
  userId: string,
  workspaceId: string,
  afterCursor: string,
): Answer {
  const key = request.headers["sec-websocket-key"];
  if (request.headers.upgrade?.toLowerCase() !== "websocket" || key === undefined) return notAHandshake();
  const origin = request.headers.origin;
  if (origin !== undefined && hostOf(origin) !== request.headers.host)
    return foreignOrigin(origin, request.headers.host);
  const protocol = bearerProtocol(request);
  return {
    status: 101,
    headers: {
      Upgrade: "websocket",
      Connection: "Upgrade",
      "Sec-WebSocket-Accept": acceptKey(key),
      ...(protocol === undefined ? {} : { "Sec-WebSocket-Protocol": protocol }),
    },
    body: "",
    upgrade: (connection) => {
      void new RealtimeSocket(world, connection, userId, workspaceId).run(afterCursor);
    },
  };
}

function notAHandshake(): Answer {
  const headers = { Connection: "Upgrade", Upgrade: "websocket" };
  return text(426, "WebSocket protocol violation: Connection header does not contain Upgrade\n", headers);
}

function foreignOrigin(origin: string, host: string | undefined): Answer {
  return text(403, `request Origin "${hostOf(origin)}" is not authorized for Host "${host}"\n`);
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
