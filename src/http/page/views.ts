import { readinessOf } from "../../account/readiness.ts";
import type { Overview } from "../../account/watch.ts";
import type { Account, Config, Fault } from "../../config/types.ts";
import type { Env } from "../../env.ts";
import { ASLEEP_VIEW_MAX_AGE_MS } from "../../limits-page.ts";
import { askObject } from "../account.ts";

/** One account, as its part of the page needs it. */
export interface AccountView {
  account: Account;
  /** Why it does not answer, when the configuration is why. */
  reason?: string;
  faults: readonly Fault[];
  /** Absent when the configuration lets it do nothing, or its object does not answer. */
  overview?: Overview;
  /** It should be doing something, and its object does not answer. */
  isMute: boolean;
}

/** What accounts without a connection have said last to this isolate. */
const asleep = new Map<string, Overview>();

/**
 * Asks every account's object once, and none that sleeps needlessly.
 *
 * @param afresh asks all, and has them look through their tables
 */
export function viewAccounts(config: Config, env: Env, afresh: boolean): Promise<AccountView[]> {
  return Promise.all([...config.accounts.values()].map((account) => viewOf(config, env, account, afresh)));
}

async function viewOf(config: Config, env: Env, account: Account, afresh: boolean): Promise<AccountView> {
  const readiness = readinessOf({ ok: true, config }, account.id);
  const overview = readiness.send ? await overviewOf(env, account.id, afresh) : undefined;
  return {
    account,
    ...(!readiness.link && { reason: readiness.reason }),
    faults: readiness.link ? readiness.account.callbacks.faults : readiness.faults,
    ...(overview !== undefined && { overview }),
    isMute: readiness.send && overview === undefined,
  };
}

async function overviewOf(env: Env, id: string, afresh: boolean): Promise<Overview | undefined> {
  const known = asleep.get(id);
  if (!afresh && known !== undefined && Date.now() - known.at < ASLEEP_VIEW_MAX_AGE_MS) return known;
  const overview = await askObject(env, id, async (object) => await object.overview(afresh));
  const sleeps =
    overview?.link.state === "sweeping" && overview.running.length === 0 && overview.waiting === 0;
  if (overview !== undefined && sleeps) asleep.set(id, overview);
  else asleep.delete(id);
  return overview;
}
