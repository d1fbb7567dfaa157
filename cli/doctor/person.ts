import { ClickClackError } from "../../src/clickclack/errors.ts";
import type { Secret } from "../../src/config/secret.ts";
import type { Account } from "../../src/config/types.ts";
import type { Remote } from "../../src/remote/headers.ts";
import type { ManagedWorkspace } from "../callbacks/answers.ts";
import { Manager } from "../callbacks/manager.ts";
import { type Finding, fail, skip } from "./finding.ts";
import { troubleOf } from "./trouble.ts";

/** Who may manage callbacks. */
const MANAGERS = ["owner", "moderator"];

/** An account's workspace, as a person sees it who may manage it. */
export interface Managed {
  manager: Manager;
  workspace: ManagedWorkspace;
}

/** @returns what keeps the session from managing the account's workspace, when something does */
export async function managedBy(
  session: Secret | undefined,
  { apiBaseUrl, workspace: wanted }: Account,
  access: Remote["access"],
): Promise<Managed | Finding> {
  if (session === undefined)
    return skip(
      "only an owner or a moderator may see it: give a session of one with --session or CLICKCLACK_SESSION",
    );
  const manager = new Manager({ url: apiBaseUrl, token: session, access });
  try {
    const all = await manager.workspaces();
    const workspace = all.find(({ id, slug, name }) => [id, slug, name].includes(wanted));
    if (workspace === undefined) return skip(`the session is not of a member of ${wanted}`);
    if (workspace.role !== undefined && !MANAGERS.includes(workspace.role))
      return skip(`the session is of a ${workspace.role}, and only an owner or a moderator may see it`);
    return { manager, workspace };
  } catch (error) {
    return sessionTrouble(error);
  }
}

/** @throws what is no failed call to ClickClack */
export function sessionTrouble(error: unknown): Finding {
  if (error instanceof ClickClackError && error.failure === "unauthorized")
    return fail(
      "ClickClack does not take the session: it has expired, or was ended",
      "sign in again, and give the new one",
    );
  return troubleOf(error);
}
