import { ClickClackClient } from "../../src/clickclack/client.ts";
import { ClickClackError } from "../../src/clickclack/errors.ts";
import type { User, Workspace } from "../../src/clickclack/wire.ts";
import type { Account, Config, Fault } from "../../src/config/types.ts";
import { parseTarget } from "../../src/domain/target.ts";
import { missingScopes } from "../scopes.ts";
import { agentsAt } from "./agents.ts";

/** One thing that was looked at. */
export interface Finding {
  what:
    | "configuration"
    | "clickclack"
    | "workspace"
    | "scopes"
    | "defaultTo"
    | "gateway"
    | "agent"
    | "secrets";
  ok: boolean;
  /** A sentence for people. */
  text: string;
  /** What to do about it. */
  mend?: string;
}

/**
 * Looks whether a bot could answer: ClickClack, the token, the gateway. Changes nothing anywhere.
 *
 * @param config the document with its variables filled in
 */
export async function check(config: Config, account: Account): Promise<Finding[]> {
  const findings = faultsOf(config, account).map(finding);
  if (account.token !== undefined && account.apiBaseUrl !== "")
    findings.push(...(await checkClickClack(config, account)));
  if (config.gateway !== undefined) findings.push(...(await checkGateway(config, account)));
  return findings;
}

/** What keeps the account from working, and the gateway's, which keep every account from it. */
function faultsOf({ faults, accounts }: Config, account: Account): Fault[] {
  const ofOthers = [...accounts.values()]
    .filter((other) => other !== account)
    .flatMap((other) => [...other.faults, ...other.callbacks.faults]);
  const others = new Set(ofOthers.map((fault) => JSON.stringify(fault)));
  const shared = faults.filter((fault) => !others.has(JSON.stringify(fault)));
  return [...new Map([...account.faults, ...shared].map((fault) => [fault.path, fault])).values()];
}

/** What setup can mend itself. */
const FLAGS: Record<string, string> = {
  "gateway.remote.url": "give the gateway's address with --gateway-url",
  "gateway.remote.token": "give the gateway's token with --gateway-token -, or in OPENCLAW_GATEWAY_TOKEN",
};

function finding({ path, found, mend }: Fault): Finding {
  return { what: "configuration", ok: false, text: `${path} is ${found}`, mend: FLAGS[path] ?? mend };
}

async function checkClickClack(config: Config, account: Account): Promise<Finding[]> {
  const { apiBaseUrl: url, token } = account;
  if (token === undefined) return [];
  const remote = { url, token, access: config.access.clickclack };
  const client = new ClickClackClient(remote);
  const findings: Finding[] = [];
  try {
    const workspaces = await client.workspaces();
    const workspace = workspaces.find(({ id, slug, name }) => [id, slug, name].includes(account.workspace));
    const missing = await missingScopes(remote);
    if (!missing.includes("profile:read")) {
      const me = await client.me();
      const owner = await ownerOf(client, workspaces[0], me);
      findings.push({
        what: "clickclack",
        ok: true,
        text: `${url}: connected as ${nameOf(me)}, ${owner}`,
      });
    }
    findings.push(workspaceFinding(account, workspace, workspaces), scopeFinding(missing));
    if (workspace !== undefined) findings.push(await checkTarget(client, workspace, account.defaultTo));
  } catch (error) {
    if (!(error instanceof ClickClackError)) throw error;
    findings.push(explain(error, url));
  }
  return findings;
}

function workspaceFinding(
  account: Account,
  workspace: Workspace | undefined,
  all: readonly Workspace[],
): Finding {
  if (workspace !== undefined)
    return {
      what: "workspace",
      ok: true,
      text: `workspace ${workspace.name} (${workspace.slug || workspace.id})`,
    };
  const seen = all.map(({ slug, id }) => slug || id).join(", ") || "none";
  return {
    what: "workspace",
    ok: false,
    text: `the token opens no workspace ${account.workspace}, but ${seen}`,
    mend: "give that one with --workspace, or the token of a bot that is in the other",
  };
}

function scopeFinding(missing: readonly string[]): Finding {
  if (missing.length === 0)
    return { what: "scopes", ok: true, text: "the token may do all that bot:write stands for" };
  return {
    what: "scopes",
    ok: false,
    text: `the token lacks ${missing.join(", ")}`,
    mend: "make a token with bot:write in ClickClack, and set it up in place of this one",
  };
}

async function ownerOf(
  client: ClickClackClient,
  workspace: Workspace | undefined,
  me: User,
): Promise<string> {
  if (me.owner_user_id === undefined) return "a bot of the workspace";
  if (workspace === undefined) return "somebody's bot";
  const owner = await client.memberById(workspace.id, me.owner_user_id);
  return `the bot of ${owner === undefined ? me.owner_user_id : nameOf(owner)}`;
}

function nameOf({ id, handle, display_name: name }: User): string {
  if (handle === "") return name || id;
  return name === "" ? `@${handle}` : `@${handle} (${name})`;
}

async function checkTarget(
  client: ClickClackClient,
  workspace: Workspace,
  written: string,
): Promise<Finding> {
  const isThere = await isTargetThere(client, workspace.id, written);
  if (isThere)
    return { what: "defaultTo", ok: true, text: `sends go to ${written} unless they say otherwise` };
  return {
    what: "defaultTo",
    ok: false,
    text: `defaultTo leads nowhere: the bot sees no ${written}`,
    mend: "give another with --default-to, such as channel:general",
  };
}

async function isTargetThere(
  client: ClickClackClient,
  workspaceId: string,
  written: string,
): Promise<boolean> {
  const parsed = parseTarget(written);
  if (!parsed.ok) return false;
  const { target } = parsed;
  try {
    switch (target.kind) {
      case "channel":
        return (await client.channels(workspaceId)).some(({ id, name }) =>
          [id, name].includes(target.channel),
        );
      case "dm":
        return (await client.memberById(workspaceId, target.userId)) !== undefined;
      case "dm_handle":
        return (await client.memberByHandle(workspaceId, target.handle)) !== undefined;
      case "thread":
        return (await client.message(target.messageId)) !== undefined;
    }
  } catch (error) {
    if (error instanceof ClickClackError && !error.retryable) return false;
    throw error;
  }
}

function explain(error: ClickClackError, url: string): Finding {
  const say = (text: string, mend: string): Finding => ({ what: "clickclack", ok: false, text, mend });
  switch (error.failure) {
    case "unauthorized":
      return say(
        `${url}: the token is not taken`,
        "it was revoked, or the bot or its owner has left the workspace; make a new one",
      );
    case "not_clickclack":
      return say(`${url}: this is not ClickClack's API (${error.detail})`, "correct --base-url");
    case "missing_scope":
      return say(`${url}: the token lacks ${error.scope}`, "make a token with bot:write in ClickClack");
    case "unavailable":
      if (error.status === 0 || error.status >= 500)
        return say(`${url}: no answer (${error.detail})`, "check --base-url, and that ClickClack is up");
      return say(`${url}: this is not ClickClack's API (status ${error.status})`, "correct --base-url");
    default:
      return say(`${url}: refused (${error.message})`, "check the token and the workspace");
  }
}

async function checkGateway(config: Config, account: Account): Promise<Finding[]> {
  const { gateway } = config;
  if (gateway === undefined) return [];
  const found = await agentsAt(gateway, config.access.gateway);
  if (!found.ok) {
    const { status, detail, mend = "check --gateway-url, and that the gateway is up" } = found.failure;
    const text = `${gateway.url}: ${status === 0 ? "no answer" : `status ${status}`} (${detail})`;
    return [{ what: "gateway", ok: false, text, mend }];
  }
  const { agents } = found;
  const names = agents.join(", ") || "none";
  const reached: Finding = {
    what: "gateway",
    ok: true,
    text: `${gateway.url}: reached, its agents: ${names}`,
  };
  if (account.agentId === undefined && agents.length === 1)
    return [reached, { what: "agent", ok: true, text: `${agents[0]} answers, the gateway's only agent` }];
  if (account.agentId !== undefined && agents.includes(account.agentId))
    return [reached, { what: "agent", ok: true, text: `${account.agentId} answers` }];
  const text =
    account.agentId === undefined
      ? "no agent is named, and the gateway cannot tell which"
      : `the gateway has no agent ${account.agentId}`;
  return [reached, { what: "agent", ok: false, text, mend: `give one of ${names} with --agent` }];
}
