import { HANDSHAKE_TIMEOUT_MS } from "../limits.ts";
import { errorText } from "../observe/redact.ts";
import { ClickClackError } from "./errors.ts";
import { type ClickClackPeer, failed, headersOf, urlOf } from "./request.ts";

const OPERATION = "realtime";

/**
 * Opens the realtime socket. It is accepted by the caller once its listeners are on, so that no frame is missed.
 *
 * `fetch` with `Upgrade` and not `new WebSocket`: only so can the bearer header go along and a refusal's status be
 * read. The deadline covers the handshake alone; a signal left armed would kill the healthy socket later.
 *
 * @param afterCursor exclusive; "" only in a workspace that had no events, elsewhere it would replay everything
 * @throws {ClickClackError} when the handshake is refused, fails or takes too long
 */
export async function openSocket(
  peer: ClickClackPeer,
  workspaceId: string,
  afterCursor: string,
): Promise<WebSocket> {
  const query = { workspace_id: workspaceId, ...(afterCursor !== "" && { after_cursor: afterCursor }) };
  const headers = headersOf(peer);
  headers.set("upgrade", "websocket");
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), HANDSHAKE_TIMEOUT_MS);
  try {
    const response = await fetch(urlOf(peer, "/api/realtime/ws", query), {
      headers,
      redirect: "manual",
      signal: deadline.signal,
    });
    if (response.webSocket !== null) return response.webSocket;
    throw response.ok
      ? new ClickClackError(OPERATION, "not_clickclack", response.status, "did not upgrade; check apiBaseUrl")
      : failed(OPERATION, response, await response.text());
  } catch (error) {
    if (error instanceof ClickClackError) throw error;
    const why = deadline.signal.aborted ? `no handshake within ${HANDSHAKE_TIMEOUT_MS} ms` : errorText(error);
    throw new ClickClackError(OPERATION, "unavailable", 0, why);
  } finally {
    clearTimeout(timer);
  }
}
