import { ClickClackError } from "../../src/clickclack/errors.ts";
import { type Call, request } from "../../src/clickclack/request.ts";
import { AnyAnswer } from "../../src/clickclack/wire.ts";
import type { Remote } from "../../src/remote/headers.ts";

/** A call that needs one scope and does nothing. */
type Probe = Pick<Call<unknown>, "method" | "path"> & Partial<Pick<Call<unknown>, "query" | "body" | "form">>;

const NOBODY = "usr_00000000000000000000000000";
const NOBODYS_MESSAGE = "msg_00000000000000000000000000";
const NO_NONCE = "clickclack-edge-setup";
/** Broken off, so that it is refused as soon as the scope was looked at. */
const HALF_A_BODY = { contentType: "application/json", body: new TextEncoder().encode("{") };

/**
 * What `bot:write` consists of, and a call for each that ClickClack refuses or answers without doing anything: it looks at
 * the scope first and at the rest later. It tells a token's scopes nowhere.
 */
function probesIn(workspaceId: string): Record<string, Probe> {
  const inWorkspace = { workspace_id: workspaceId };
  const message = `/api/messages/${NOBODYS_MESSAGE}`;
  return {
    "profile:read": { method: "GET", path: "/api/me" },
    "workspaces:read": { method: "GET", path: "/api/workspaces" },
    "channels:read": { method: "GET", path: `/api/workspaces/${encodeURIComponent(workspaceId)}/channels` },
    "messages:read": { method: "GET", path: message },
    "messages:write": {
      method: "GET",
      path: "/api/messages/by-nonce",
      query: { ...inWorkspace, nonce: NO_NONCE },
    },
    "threads:read": { method: "GET", path: `${message}/thread` },
    "threads:write": { method: "POST", path: `${message}/thread/replies`, form: HALF_A_BODY },
    "dms:read": { method: "GET", path: "/api/dms", query: inWorkspace },
    // The one of these that reads its body before it looks at the scope.
    "dms:write": { method: "POST", path: "/api/dms", body: { ...inWorkspace, member_ids: [NOBODY] } },
    "realtime:read": { method: "GET", path: "/api/realtime/events", query: { ...inWorkspace, limit: "1" } },
    "uploads:write": {
      method: "GET",
      path: "/api/uploads/by-nonce",
      query: { ...inWorkspace, nonce: NO_NONCE },
    },
    "commands:write": { method: "PUT", path: "/api/bots/self/commands", form: HALF_A_BODY },
  };
}

/**
 * Finds out which scopes of `bot:write` a token lacks.
 *
 * @param workspaceId of the token's workspace
 * @throws {ClickClackError} when ClickClack cannot be reached
 */
export async function missingScopes(clickclack: Remote, workspaceId: string): Promise<string[]> {
  const missing: string[] = [];
  for (const [scope, probe] of Object.entries(probesIn(workspaceId))) {
    const answer = await ask(clickclack, probe);
    if (answer?.failure === "missing_scope") missing.push(answer.scope ?? scope);
    else if (answer?.retryable === true) throw answer;
  }
  return [...new Set(missing)];
}

async function ask(clickclack: Remote, probe: Probe): Promise<ClickClackError | undefined> {
  try {
    await request(clickclack, { operation: "scopes", answer: AnyAnswer, ...probe });
    return undefined;
  } catch (error) {
    if (error instanceof ClickClackError) return error;
    throw error;
  }
}
