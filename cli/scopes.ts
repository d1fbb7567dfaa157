import { ClickClackError } from "../src/clickclack/errors.ts";
import { type Call, request } from "../src/clickclack/request.ts";
import { AnyAnswer } from "../src/clickclack/wire.ts";
import type { Remote } from "../src/remote/headers.ts";

type Probe = Pick<Call<unknown>, "method" | "path"> & Partial<Pick<Call<unknown>, "query" | "body">>;

const NOWHERE = { workspace_id: "" };
const NOTHING = { ...NOWHERE, nonce: "0" };
const NO_MESSAGE = "/api/messages/msg_0";

/*
 * For each scope of `bot:write` a call that needs it and cannot change anything. ClickClack tells a token's scopes nowhere,
 * but looks at the scope before anything else of a request: so a call that it must refuse, of what does not exist, without a
 * workspace, or without the body that it needs, tells whether the scope is there. It is a read where there is one.
 */
const PROBES = {
  "profile:read": { method: "GET", path: "/api/me" },
  "workspaces:read": { method: "GET", path: "/api/workspaces" },
  "channels:read": { method: "GET", path: "/api/workspaces/wsp_0/channels" },
  "realtime:read": { method: "GET", path: "/api/realtime/events", query: NOWHERE },
  "messages:read": { method: "GET", path: NO_MESSAGE },
  "threads:read": { method: "GET", path: `${NO_MESSAGE}/thread` },
  "dms:read": { method: "GET", path: "/api/dms", query: NOWHERE },
  "messages:write": { method: "GET", path: "/api/messages/by-nonce", query: NOTHING },
  "threads:write": { method: "POST", path: `${NO_MESSAGE}/thread/replies` },
  // The one that reads its body before it looks at the scope.
  "dms:write": { method: "POST", path: "/api/dms", body: { ...NOWHERE, member_ids: [] } },
  "uploads:write": { method: "GET", path: "/api/uploads/by-nonce", query: NOTHING },
  "commands:write": { method: "PUT", path: "/api/bots/self/commands" },
} as const satisfies Record<string, Probe>;

export type Scope = keyof typeof PROBES;

/** What `bot:write` stands for. */
export const BOT_WRITE_SCOPES = Object.keys(PROBES) as Scope[];

/**
 * Finds out, without changing anything, which scopes a token lacks. Nothing of it needs the workspace to be known.
 *
 * @param scopes those that are looked for
 * @returns those that it lacks, in their order
 * @throws {ClickClackError} when that cannot be told: no answer, or the token is refused
 */
export async function missingScopes(
  clickclack: Remote,
  scopes: readonly Scope[] = BOT_WRITE_SCOPES,
): Promise<Scope[]> {
  const has = await Promise.all(scopes.map((scope) => hasScope(clickclack, scope)));
  return scopes.filter((_, index) => !has[index]);
}

async function hasScope(clickclack: Remote, scope: Scope): Promise<boolean> {
  try {
    await request(clickclack, { ...PROBES[scope], operation: `scope ${scope}`, answer: AnyAnswer });
    return true;
  } catch (error) {
    if (!(error instanceof ClickClackError) || error.retryable || error.failure === "unauthorized")
      throw error;
    return error.failure !== "missing_scope";
  }
}
