import type { IncomingMessage } from "node:http";
import { ApiError, NO_ROWS } from "../errors.ts";
import { trimSpace } from "../rules/text.ts";
import type { Store } from "../store/store.ts";
import type { BotTokenRow, UserRow } from "../store/tables.ts";
import { findValidBotToken } from "../store/tokens.ts";
import { getUser } from "../store/users.ts";

/** Who calls: a person, who may do what their role allows, or a bot, which is bound to its token. */
export interface Actor {
  readonly user: UserRow;
  /** Set for a bot: its workspace and scopes. */
  readonly token: BotTokenRow | undefined;
}

const BEARER = "Bearer ";
const BEARER_PROTOCOL = "clickclack.bearer.";

/**
 * Returns who calls.
 *
 * The word `Bearer` is compared with its case: `bearer x` is no credential at all. Both kinds of token are looked for,
 * and the text of the refusal is that of the second look-up.
 *
 * @throws ApiError 401
 */
export function identify(store: Store, request: IncomingMessage): Actor {
  const secret = bearerOf(request);
  if (secret === undefined) throw new ApiError(401, "authentication required");
  const token = findValidBotToken(store, secret);
  if (token !== undefined) return { user: getUser(store, token.bot_user_id), token };
  const userId = store.sessions.get(secret);
  if (userId === undefined) throw new ApiError(401, NO_ROWS);
  return { user: getUser(store, userId), token: undefined };
}

/** Returns the subprotocol in which a browser, which cannot set headers, brings its token to a WebSocket. */
export function bearerProtocol(request: IncomingMessage): string | undefined {
  const offered = request.headers["sec-websocket-protocol"]?.split(",").map(trimSpace);
  return offered?.find((protocol) => protocol.startsWith(BEARER_PROTOCOL));
}

/**
 * Requires a scope of a bot; people need none.
 *
 * @throws ApiError 403
 */
export function requireScope(actor: Actor, scope: string): void {
  if (actor.token !== undefined && !actor.token.scopes.includes(scope)) {
    throw new ApiError(403, `bot token is missing scope ${scope}`);
  }
}

/**
 * Requires that a bot's token is for this workspace.
 *
 * @throws ApiError 403
 */
export function requireWorkspace(actor: Actor, workspaceId: string): void {
  if (actor.token !== undefined && actor.token.workspace_id !== workspaceId) {
    throw new ApiError(403, "bot token cannot access this workspace");
  }
}

function bearerOf(request: IncomingMessage): string | undefined {
  const header = request.headers.authorization;
  if (header?.startsWith(BEARER)) return trimSpace(header.slice(BEARER.length));
  if (header !== undefined || request.headers.upgrade === undefined) return undefined;
  return bearerProtocol(request)?.slice(BEARER_PROTOCOL.length);
}
