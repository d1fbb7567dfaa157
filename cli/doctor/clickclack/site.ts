import { ClickClackClient } from "../../../src/clickclack/client.ts";
import { request } from "../../../src/clickclack/request.ts";
import { MembersAnswer, type User } from "../../../src/clickclack/wire.ts";
import type { Secret } from "../../../src/config/secret.ts";
import type { Account } from "../../../src/config/types.ts";
import { MEMBER_PAGES_MAX, PAGE_MAX } from "../../../src/limits.ts";
import type { Remote } from "../../../src/remote/headers.ts";
import { once } from "../once.ts";

/** Who is in a workspace, as far as that was read. */
export interface Members {
  byId: ReadonlyMap<string, User>;
  /** False for a workspace with more members than are read. */
  isWhole: boolean;
}

/** An account's ClickClack, as its token sees it. */
export interface Site {
  account: Account;
  remote: Remote;
  client: ClickClackClient;
  /** Asked once. @throws {ClickClackError} */
  members(workspaceId: string): Promise<Members>;
}

/** @param token the account's */
export function siteOf(account: Account, token: Secret, access: Remote["access"]): Site {
  const remote = { url: account.apiBaseUrl, token, access };
  let asked: (() => Promise<Members>) | undefined;
  return {
    account,
    remote,
    client: new ClickClackClient(remote),
    members: (workspaceId) => {
      asked ??= once(() => readMembers(remote, workspaceId));
      return asked();
    },
  };
}

async function readMembers(remote: Remote, workspaceId: string): Promise<Members> {
  const path = `/api/workspaces/${encodeURIComponent(workspaceId)}/members`;
  const byId = new Map<string, User>();
  let query: Record<string, string> = { limit: String(PAGE_MAX) };
  for (let pages = 0; pages < MEMBER_PAGES_MAX; pages++) {
    const page = await request(remote, {
      operation: "members",
      method: "GET",
      path,
      query,
      answer: MembersAnswer,
    });
    for (const { user } of page.members) byId.set(user.id, user);
    if (!page.has_more || !page.next_cursor) return { byId, isWhole: true };
    query = { ...query, cursor: page.next_cursor };
  }
  return { byId, isWhole: false };
}

/** How a user is shown: `Ada (@ada, usr_…)`. */
export function nameOf({ id, handle, display_name }: User): string {
  return `${display_name || handle || "somebody"} (${handle === "" ? "" : `@${handle}, `}${id})`;
}
