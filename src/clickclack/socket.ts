import { HANDSHAKE_TIMEOUT_MS } from "../limits.ts";
import { errorText } from "../observe/redact.ts";
import { Deadline } from "../remote/deadline.ts";
import { type Remote, remoteHeaders } from "../remote/headers.ts";
import { ClickClackError } from "./errors.ts";
import { refusal, urlOf } from "./request.ts";

const OPERATION = "realtime";

/** Who is told of what comes over a socket. */
export interface SocketListener {
  /** Synchronous on purpose: ClickClack buffers 32 events and then closes, so that nothing may be awaited. */
  frame(text: string): void;
  /** May be told more than once of one end. */
  closed(code: number, text: string): void;
}

/** A realtime socket that is open; nothing comes over it before somebody listens. */
export interface RealtimeSocket {
  listen(listener: SocketListener): void;
  /** Breaks the connection. A close frame would not do: ClickClack never reads its end and would go on serving it. */
  drop(): void;
}

/**
 * Opens the realtime socket.
 *
 * `fetch` with `Upgrade` and not `new WebSocket`: only so can the bearer header go along and a refusal's status be
 * read. The deadline covers the handshake alone; left armed it would kill the healthy socket later.
 *
 * @param afterCursor exclusive; "" only in a workspace that had no events, elsewhere it would replay everything
 * @throws {ClickClackError} when the handshake is refused, fails or takes too long
 */
export async function openSocket(
  remote: Remote,
  workspaceId: string,
  afterCursor: string,
): Promise<RealtimeSocket> {
  const query = { workspace_id: workspaceId, ...(afterCursor !== "" && { after_cursor: afterCursor }) };
  const deadline = new Deadline(HANDSHAKE_TIMEOUT_MS);
  try {
    const response = await fetch(urlOf(remote, "/api/realtime/ws", query), {
      headers: remoteHeaders(remote, { upgrade: "websocket" }),
      redirect: "manual",
      signal: deadline.signal,
    });
    const { webSocket } = response;
    if (webSocket !== null)
      return { listen: (listener) => listen(webSocket, listener), drop: () => deadline.abort() };
    const text = await response.text();
    throw response.ok
      ? new ClickClackError(OPERATION, "not_clickclack", response.status, "did not upgrade; check apiBaseUrl")
      : refusal(OPERATION, response, text);
  } catch (error) {
    if (error instanceof ClickClackError) throw error;
    throw new ClickClackError(OPERATION, "unavailable", 0, deadline.expired ?? errorText(error));
  } finally {
    deadline.end();
  }
}

/** Accepted once the listeners are on, so that no frame is missed. */
function listen(socket: WebSocket, listener: SocketListener): void {
  socket.addEventListener("message", ({ data }) => {
    if (typeof data === "string") listener.frame(data);
  });
  socket.addEventListener("close", ({ code, reason }) => listener.closed(code, reason));
  // A broken connection, or a frame that is too large, may bring an error and no close.
  socket.addEventListener("error", ({ message }) => listener.closed(1006, message));
  socket.accept();
}
