import type { CallbackKind } from "../../src/config/types.ts";
import { callbackUrl } from "../callbacks/provision.ts";

/** What calls an account. */
export interface Calls<Caller> {
  /** Where it should call. */
  address: string;
  there: readonly Caller[];
  /** Whether what is there calls another host, under the account's path: the Worker may have several addresses. */
  isElsewhere: boolean;
}

/**
 * @param url the Worker's address as it is known here
 * @param all everything of the kind in the workspace
 */
export function callsTo<Caller extends { callback_url: string }>(
  url: string,
  accountId: string,
  kind: CallbackKind,
  all: readonly Caller[],
): Calls<Caller> {
  const address = callbackUrl(url, accountId, kind);
  const exact = all.filter(({ callback_url }) => callback_url === address);
  if (exact.length > 0) return { address, there: exact, isElsewhere: false };
  const path = callbackUrl("", accountId, kind);
  const elsewhere = all.filter(({ callback_url }) => callback_url.endsWith(path));
  return { address, there: elsewhere, isElsewhere: elsewhere.length > 0 };
}
