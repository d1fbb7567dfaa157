import { WebSocket } from "ws";
import { ClickClackError } from "../../../src/clickclack/errors.ts";
import { refusal, urlOf } from "../../../src/clickclack/request.ts";
import type { Workspace } from "../../../src/clickclack/wire.ts";
import { HANDSHAKE_TIMEOUT_MS } from "../../../src/limits.ts";
import { errorText } from "../../../src/observe/redact.ts";
import { type Remote, remoteHeaders } from "../../../src/remote/headers.ts";
import { fail, type Outcome, only, pass, skip, withValue } from "../finding.ts";
import { troubleOf } from "../trouble.ts";
import type { Site } from "./site.ts";

/** @returns the newest cursor, "" in a workspace without events */
export async function eventsOutcome({ client }: Site, { id }: Workspace): Promise<Outcome<string>> {
  try {
    const tail = await client.tail(id);
    return withValue(tail, pass(tail === "" ? "can be read; it is empty" : `can be read, up to ${tail}`));
  } catch (error) {
    return only(troubleOf(error));
  }
}

/** Opens a realtime connection, as the Worker does, and drops it again. */
export async function realtimeOutcome(
  { account, remote }: Site,
  { id }: Workspace,
  tail: string,
): Promise<Outcome<never>> {
  if (account.inbound === "callbacks")
    return only(skip("the account holds no connection: edge.accounts says callbacks"));
  try {
    const ms = await connect(remote, id, tail);
    return only(pass(`a connection was taken, in ${ms} ms`));
  } catch (error) {
    if (error instanceof ClickClackError && error.failure === "unavailable")
      return only(
        fail(
          `no realtime connection: ${error.detail}`,
          "let what stands before ClickClack pass WebSockets (nginx: proxy_http_version 1.1, Upgrade and Connection headers), or use callbacks",
        ),
      );
    return only(troubleOf(error));
  }
}

/** @returns how long it took, milliseconds @throws {ClickClackError} */
function connect(remote: Remote, workspaceId: string, afterCursor: string): Promise<number> {
  const query = { workspace_id: workspaceId, ...(afterCursor !== "" && { after_cursor: afterCursor }) };
  const begun = Date.now();
  const socket = new WebSocket(urlOf(remote, "/api/realtime/ws", query).replace(/^http/, "ws"), {
    headers: Object.fromEntries(remoteHeaders(remote)),
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
  });
  return new Promise((resolve, reject) => {
    socket.once("open", () => {
      resolve(Date.now() - begun);
      // A close frame would not do: ClickClack never reads its end.
      socket.terminate();
    });
    socket.once("unexpected-response", (_, answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      answer.once("close", () => {
        const status = answer.statusCode ?? 0;
        reject(
          status < 300
            ? new ClickClackError("realtime", "unavailable", status, `answered ${status} and did not upgrade`)
            : refusal("realtime", new Response(null, { status }), text),
        );
        socket.terminate();
      });
    });
    socket.on("error", (error) =>
      reject(new ClickClackError("realtime", "unavailable", 0, errorText(error))),
    );
  });
}
