import { badRequest } from "../errors.ts";
import { byCodePoint, trimSpace } from "./text.ts";

const READ = [
  "workspaces:read",
  "channels:read",
  "messages:read",
  "threads:read",
  "dms:read",
  "realtime:read",
  "profile:read",
];
const WRITE = [...READ, "messages:write", "threads:write", "dms:write", "uploads:write", "commands:write"];
const ADMIN = [...WRITE, "channels:write"];

const BUNDLES: Readonly<Record<string, readonly string[]>> = {
  "bot:read": READ,
  "bot:write": WRITE,
  "bot:admin": ADMIN,
};

/** Grantable, but in no bundle: a bot that reports its activity has been allowed to, explicitly. */
export const AGENT_ACTIVITY = "agent_activity:write";

const GRANTABLE = new Set([...ADMIN, AGENT_ACTIVITY]);

/**
 * Returns the scopes of a new bot token, expanded and sorted: ClickClack stores them so, and a later change of a bundle
 * does not reach a token that exists. None asked for means `bot:write`.
 *
 * @param asked scopes and bundles; one string may hold several, divided by commas
 * @throws ApiError 400 for an unknown scope
 */
export function expandScopes(asked: readonly string[]): string[] {
  const names = asked
    .flatMap((value) => value.split(","))
    .map(trimSpace)
    .filter((name) => name !== "");
  if (names.length === 0) return expandScopes(["bot:write"]);
  const unknown = names.find((name) => !(name in BUNDLES) && !GRANTABLE.has(name));
  if (unknown !== undefined) throw badRequest(`unknown bot scope: ${unknown}`);
  return [...new Set(names.flatMap((name) => BUNDLES[name] ?? [name]))].sort(byCodePoint);
}
