import type { Account } from "../../../src/config/types.ts";
import type { Remote } from "../../../src/remote/headers.ts";
import { BOT_WRITE_SCOPES, missingScopes, type Scope } from "../../scopes.ts";
import { type Finding, fail, listed, type Outcome, only, pass, warn } from "../finding.ts";
import { BOT_WRITE, troubleOf } from "../trouble.ts";

/** What an account needs each scope for. */
const GOOD_FOR: Record<Scope, string> = {
  "profile:read": "knowing who it is",
  "workspaces:read": "finding its workspace",
  "channels:read": "finding channels",
  "realtime:read": "hearing of messages",
  "messages:read": "reading messages",
  "threads:read": "reading threads",
  "dms:read": "reading direct messages",
  "messages:write": "answering in channels, and showing that it does",
  "threads:write": "answering in threads",
  "dms:write": "answering direct messages",
  "uploads:write": "sends with files",
  "commands:write": "the command menu (commandMenu)",
};

/** Without them an account answers all the same. */
const EXTRAS: readonly Scope[] = ["uploads:write", "commands:write"];

/** Which scopes the token lacks for what is configured. */
export async function scopesOutcome(remote: Remote, { commandMenu }: Account): Promise<Outcome<never>> {
  const wanted = BOT_WRITE_SCOPES.filter((scope) => commandMenu || scope !== "commands:write");
  try {
    return only(...findings(await missingScopes(remote, wanted), wanted.length));
  } catch (error) {
    return only(troubleOf(error));
  }
}

function findings(lacking: readonly Scope[], all: number): Finding[] {
  if (lacking.length === 0) return [pass(`all ${all} that the account needs`)];
  const missing = lacking.filter((scope) => !EXTRAS.includes(scope));
  const extras = lacking.filter((scope) => EXTRAS.includes(scope));
  return [
    ...(missing.length > 0 ? [fail(`missing: ${described(missing)}`, BOT_WRITE)] : []),
    ...(extras.length > 0 ? [warn(`missing, and only needed there: ${described(extras)}`, BOT_WRITE)] : []),
  ];
}

function described(scopes: readonly Scope[]): string {
  return listed(scopes.map((scope) => `${scope} (${GOOD_FOR[scope]})`));
}
