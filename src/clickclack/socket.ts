import { HANDSHAKE_TIMEOUT_MS } from "../limits.ts";
import { errorText } from "../observe/redact.ts";
import { Deadline } from "../remote/deadline.ts";
import { type Remote, remoteHeaders } from "../remote/headers.ts";
import { ClickClackError } from "./errors.ts";
import { refusal, urlOf } from "./request.ts";

const OPERATION = "realtime";

/** A realtime socket that is open and not yet accepted. */
export interface RealtimeSocket {
  socket: WebSocket;
  /** Breaks the connection. A close frame would not do: ClickClack never reads its end and would go on serving it. */
  drop(): void;
}

/**
 * Opens the realtime socket. It is accepted by the caller once its listeners are on, so that no frame is missed.
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
    if (response.webSocket !== null) return { socket: response.webSocket, drop: () => deadline.abort() };
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
