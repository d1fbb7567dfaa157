import { ClickClackError } from "../../../src/clickclack/errors.ts";
import { type Call, request } from "../../../src/clickclack/request.ts";
import { AnyAnswer } from "../../../src/clickclack/wire.ts";
import type { Account } from "../../../src/config/types.ts";
import type { Remote } from "../../../src/remote/headers.ts";
import { type Finding, fail, listed, type Outcome, only, pass, warn } from "../finding.ts";
import { BOT_WRITE, troubleOf } from "../trouble.ts";

type Ask = Pick<Call<unknown>, "method" | "path" | "query" | "body">;

/** A scope, what it is good for, and a call that needs it and cannot change anything. */
interface ScopeProbe {
  scope: string;
  goodFor: string;
  /** Whether the account answers without it all the same. */
  isExtra: boolean;
  ask: Ask;
}

const NOWHERE = { workspace_id: "" };
const NO_MESSAGE = "/api/messages/msg_0";

/*
 * ClickClack looks at the scope before anything else of a request, so that a call that it must refuse tells whether the scope
 * is there: of what does not exist, without a workspace, or without the body that it needs. Reads where there is one.
 */
const PROBES: readonly ScopeProbe[] = [
  needed("profile:read", "knowing who it is", { method: "GET", path: "/api/me" }),
  needed("workspaces:read", "finding its workspace", { method: "GET", path: "/api/workspaces" }),
  needed("channels:read", "finding channels", { method: "GET", path: "/api/workspaces/wsp_0/channels" }),
  needed("realtime:read", "hearing of messages", {
    method: "GET",
    path: "/api/realtime/events",
    query: NOWHERE,
  }),
  needed("messages:read", "reading messages", { method: "GET", path: NO_MESSAGE }),
  needed("threads:read", "reading threads", { method: "GET", path: `${NO_MESSAGE}/thread` }),
  needed("dms:read", "reading direct messages", { method: "GET", path: "/api/dms", query: NOWHERE }),
  needed("messages:write", "answering in channels, and showing that it does", {
    method: "GET",
    path: "/api/messages/by-nonce",
    query: { ...NOWHERE, nonce: "0" },
  }),
  needed("threads:write", "answering in threads", { method: "POST", path: `${NO_MESSAGE}/thread/replies` }),
  needed("dms:write", "answering direct messages", {
    method: "POST",
    path: "/api/dms",
    body: { ...NOWHERE, member_ids: [] },
  }),
  extra("uploads:write", "sends with files", {
    method: "GET",
    path: "/api/uploads/by-nonce",
    query: { ...NOWHERE, nonce: "0" },
  }),
];

const MENU_PROBE = extra("commands:write", "the command menu (commandMenu)", {
  method: "PUT",
  path: "/api/bots/self/commands",
});

/** Which scopes the token lacks for what is configured. */
export async function scopesOutcome(remote: Remote, account: Account): Promise<Outcome<never>> {
  const probes = account.commandMenu ? [...PROBES, MENU_PROBE] : PROBES;
  try {
    const lacking = await Promise.all(
      probes.map(async (probe) => ((await hasScope(remote, probe)) ? [] : [probe])),
    );
    return only(...findings(lacking.flat(), probes.length));
  } catch (error) {
    return only(troubleOf(error));
  }
}

function findings(lacking: readonly ScopeProbe[], all: number): Finding[] {
  if (lacking.length === 0) return [pass(`all ${all} that the account needs`)];
  const missing = lacking.filter(({ isExtra }) => !isExtra);
  const extras = lacking.filter(({ isExtra }) => isExtra);
  return [
    ...(missing.length > 0 ? [fail(`missing: ${described(missing)}`, BOT_WRITE)] : []),
    ...(extras.length > 0 ? [warn(`missing, and only needed there: ${described(extras)}`, BOT_WRITE)] : []),
  ];
}

function described(probes: readonly ScopeProbe[]): string {
  return listed(probes.map(({ scope, goodFor }) => `${scope} (${goodFor})`));
}

/** @throws {ClickClackError} when that cannot be told */
async function hasScope(remote: Remote, { scope, ask }: ScopeProbe): Promise<boolean> {
  try {
    await request(remote, { ...ask, operation: `scope ${scope}`, answer: AnyAnswer });
    return true;
  } catch (error) {
    if (!(error instanceof ClickClackError) || error.retryable || error.failure === "unauthorized")
      throw error;
    return error.failure !== "missing_scope";
  }
}

function needed(scope: string, goodFor: string, ask: Ask): ScopeProbe {
  return { scope, goodFor, isExtra: false, ask };
}

function extra(scope: string, goodFor: string, ask: Ask): ScopeProbe {
  return { scope, goodFor, isExtra: true, ask };
}
