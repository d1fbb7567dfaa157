import { ClickClackClient } from "../clickclack/client.ts";
import type { Secret } from "../config/secret.ts";
import type { Account, Config, EdgePolicy } from "../config/types.ts";
import { LOG_KEEP_ALIVE_MS, LOG_LINES_MAX, WITNESSES_MAX } from "../limits.ts";
import { AccountLog } from "../observe/account-log.ts";
import type { AccountEvent } from "../observe/log.ts";
import { RecentLog } from "../observe/recent-log.ts";
import type { SessionScopes } from "../openclaw/session-key.ts";
import { Agents } from "./agents.ts";
import { BotPairs } from "./bot-pairs.ts";
import { Commands } from "./commands.ts";
import { FactStore } from "./facts.ts";
import { AccountFiles } from "./files.ts";
import { FreshStarts } from "./fresh-starts.ts";
import { Journal } from "./journal.ts";
import { Outbox } from "./outbox.ts";
import { ReadsAhead } from "./reads-ahead.ts";
import { Refusals } from "./refusals.ts";
import { Sends } from "./sends.ts";
import type { CountedSql } from "./sql.ts";
import { Turns } from "./turns.ts";

/** An account whose configuration is whole enough to talk to ClickClack. */
export type UsableAccount = Account & { token: Secret };

/** What every duty of an account stands on. */
export interface AccountContext {
  account: Account;
  scopes: SessionScopes;
  edge: EdgePolicy;
  client: ClickClackClient;
  /** The clients of other accounts in the same workspace: a few, made when they are asked for. */
  witnesses(): ClickClackClient[];
  /** What was begun to be read before it was known to be needed. */
  ahead: ReadsAhead;
  agents: Agents;
  files: AccountFiles;
  facts: FactStore;
  journal: Journal;
  commands: Commands;
  refusals: Refusals;
  turns: Turns;
  freshStarts: FreshStarts;
  botPairs: BotPairs;
  outbox: Outbox;
  sends: Sends;
  /** Writes one line to the log, with the account's name, and counts it. */
  log(event: AccountEvent): void;
  /** Runs its writes as one. */
  transaction<Result>(writes: () => Result): Result;
  /** Unix ms. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** Keeps the object awake for work that nothing awaits. The work handles its own errors. */
  background(work: Promise<unknown>): void;
}

/**
 * The context of what is done about one message: each request, to ClickClack and to the gateway, bears the correlation
 * id of the event that told of it.
 *
 * @param id undefined for what no event tells of: a slash command, a message of a list
 */
export function correlated(context: AccountContext, id: string | undefined): AccountContext {
  if (id === undefined) return context;
  return { ...context, client: context.client.correlated(id), agents: context.agents.correlated(id) };
}

/** What an account within its object writes its log with. */
export function logOf({ id }: Account): AccountLog {
  return new AccountLog(id, new RecentLog(LOG_LINES_MAX, LOG_KEEP_ALIVE_MS));
}

/** The context of an account within its object, on the real clock. */
export function contextOf(
  state: DurableObjectState,
  account: UsableAccount,
  config: Config,
  sql: CountedSql,
  log: AccountLog,
): AccountContext {
  const { token, apiBaseUrl: url } = account;
  const clientWith = (token: Secret) =>
    new ClickClackClient({ url, token, access: config.access.clickclack });
  const client = clientWith(token);
  const isBeside = ({ id, enabled, apiBaseUrl, workspace }: Account) =>
    id !== account.id && enabled && apiBaseUrl === url && workspace === account.workspace;
  return {
    account,
    scopes: { dm: config.dmScope, group: config.groupScope },
    edge: config.edge,
    client,
    ahead: new ReadsAhead(client, account, () => Date.now()),
    witnesses: () =>
      [...config.accounts.values()]
        .filter(isBeside)
        .flatMap(({ token }) => (token === undefined ? [] : [clientWith(token)]))
        .slice(0, WITNESSES_MAX),
    agents: new Agents(state.exports.Completion),
    files: new AccountFiles(state.exports.Files, account.id),
    facts: new FactStore(sql),
    journal: new Journal(sql),
    commands: new Commands(sql),
    refusals: new Refusals(sql),
    turns: new Turns(sql),
    freshStarts: new FreshStarts(sql),
    botPairs: new BotPairs(sql),
    outbox: new Outbox(sql),
    sends: new Sends(sql),
    log: (event) => log.write(event),
    transaction: (writes) => state.storage.transactionSync(writes),
    now: () => Date.now(),
    random: () => Math.random(),
    background: (work) => state.waitUntil(work),
  };
}
