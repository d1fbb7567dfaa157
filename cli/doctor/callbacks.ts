import { callbackVariable } from "../../src/config/callbacks.ts";
import type { Account, CallbackKind } from "../../src/config/types.ts";
import type { Subscription } from "../callbacks/answers.ts";
import { EVENT_TYPES } from "../callbacks/provision.ts";
import { isOnlyHere } from "./addresses.ts";
import { callsTo } from "./calls.ts";
import type { ClickClackSteps } from "./clickclack.ts";
import { missingAtWorker } from "./configuration.ts";
import { type Finding, fail, listed, type Outcome, only, pass, skip, warn } from "./finding.ts";
import { once } from "./once.ts";
import { type Managed, managedBy, sessionTrouble } from "./person.ts";
import { callbackReason } from "./refused-callbacks.ts";
import type { Step } from "./round.ts";
import type { ConfiguredVisit } from "./visit.ts";
import type { AccountView } from "./worker-side.ts";

/** A refusal that is older may be of a set-up that is gone. */
const RECENT_MS = 86_400_000;

/** Looks at what calls an account. */
export function checkCallbacks(
  visit: ConfiguredVisit,
  account: Account,
  view: Step<AccountView>,
  { reach, token }: ClickClackSteps,
): void {
  const { round, config, worker, session, usable } = visit;
  const { id } = account;
  const isUsed = usesCallbacks(account);
  const managed = once(() => managedBy(session, account, config.access.clickclack));
  const url = worker?.client.url;

  round.add("callback-address", id, [usable], () => {
    if (!isUsed) return only(skip(notUsed(account)));
    return only(
      url === undefined ? skip("the Worker's address is not known: give --url") : addressFinding(url),
    );
  });
  round.add("callback-secrets", id, [usable], async () =>
    only(...(isUsed ? secretFindings(account, await missingAtWorker(visit)) : [skip(notUsed(account))])),
  );
  round.add("callbacks-taken", id, [view], (shown) => only(...takenFindings(shown, account)));
  round.add("subscription", id, [reach], async () =>
    url === undefined
      ? only(skip("the Worker's address is not known: give --url"))
      : subscriptionOutcome(await managed(), account, url),
  );
  round.add("slash-commands", id, [reach, token], async (_, { me }) =>
    url === undefined
      ? only(skip("the Worker's address is not known: give --url"))
      : commandsOutcome(await managed(), account, url, me?.id),
  );
}

function usesCallbacks({ enabled, inbound, callbacks }: Account): boolean {
  const { current, next } = callbacks.commands;
  return enabled && (inbound !== "realtime" || current.length + next.length > 0);
}

function notUsed({ enabled }: Account): string {
  return enabled
    ? "the account takes messages over its connection, and has no secret for slash commands here"
    : "the account is disabled";
}

function addressFinding(url: string): Finding {
  if (isOnlyHere(url))
    return warn(
      `ClickClack calls public addresses only, and ${url} is none`,
      "let a public address lead there, or deploy the Worker and give --url its address",
    );
  if (url.startsWith("http://"))
    return fail(`${url} is not https: everybody on the way can read what is called`, "use https");
  return pass(`${url} is public`);
}

/** @param atWorker what is missing at the Worker, where it says so: a machine that deploys need not have the secrets */
function secretFindings(
  { id, inbound, callbacks }: Account,
  atWorker: ReadonlySet<string> | undefined,
): Finding[] {
  if (callbacks.faults.length > 0)
    return callbacks.faults.map(({ path, found, mend }) =>
      atWorker === undefined || atWorker.has(path)
        ? fail(`${path}: ${found}`, mend)
        : pass(`${path} is at the Worker and not here`),
    );
  const have = (kind: CallbackKind) => {
    const { current, next } = callbacks[kind];
    return current.length + next.length === 0
      ? []
      : [`${kind} (${current.length} in use${next.length > 0 ? `, ${next.length} to take over` : ""})`];
  };
  const all = [...have("events"), ...have("commands")];
  if (all.length > 0) return [pass(`secrets for ${listed(all)}`)];
  return [
    fail(`none, and inbound is ${inbound}`, `npx wrangler secret put ${callbackVariable(id, "events")}`),
  ];
}

/** Which secret fits, only callbacks that came can show. */
function takenFindings({ callbacks }: AccountView, account: Account): Finding[] {
  if (callbacks === undefined) return [skip("the Worker does not say")];
  const { accepted, refused } = callbacks;
  const taken = accepted.map(({ kind, secret, count, lastAt }) =>
    pass(`${count} ${kind} signed with the ${secret} secret, the last ${at(lastAt)}`),
  );
  const lastTaken = (kind: string) =>
    Math.max(0, ...accepted.filter((one) => one.kind === kind).map(({ lastAt }) => lastAt));
  const not = refused.map(({ kind, reason, count, lastAt }) => {
    const [words, mend] = callbackReason(reason);
    const found = `${count} ${kind} refused, the last ${at(lastAt)}: ${words} (${reason})`;
    // Counts are kept for ever. What was refused before the last one that was taken has been mended since.
    const isNow = lastAt > lastTaken(kind) && Date.now() - lastAt < RECENT_MS;
    return isNow && reason !== "replayed" ? fail(found, mend) : warn(found, mend);
  });
  if (taken.length + not.length > 0) return [...taken, ...not];
  if (account.inbound === "realtime") return [pass("none came, and none is needed")];
  return [
    warn(
      "none has come yet",
      "say something in a channel; if none comes then, see subscription and callback-address",
    ),
  ];
}

function at(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

async function subscriptionOutcome(
  managed: Managed | Finding,
  account: Account,
  url: string,
): Promise<Outcome<never>> {
  const isNeeded = account.inbound !== "realtime";
  if ("state" in managed)
    return only(managed.state === "skip" && !isNeeded ? skip(`none is needed; ${managed.found}`) : managed);
  const { manager, workspace } = managed;
  try {
    const all = await manager.subscriptions(workspace.id);
    const { there, address, isElsewhere } = callsTo(url, account.id, "events", all);
    if (!isNeeded)
      return only(
        there.length === 0
          ? pass("none, and none is needed")
          : warn(
              `${there[0]?.id} calls an account that takes no events: people's sends wait for its refusal`,
              "revoke it, or set inbound to both",
            ),
      );
    const [first] = there;
    if (first === undefined) return only(missing(all, address));
    const calls = await Promise.all(
      there.map(async ({ id }) => ({ id, status: await manager.lastStatus(id) })),
    );
    const types = EVENT_TYPES.filter((type) => !first.event_types.some((one) => one === type || one === "*"));
    return only(
      ...(isElsewhere ? [elsewhere(first.id, first.callback_url)] : []),
      ...calls.map(({ id, status }) => callFinding(id, status)),
      ...(types.length > 0
        ? [
            fail(
              `${first.id} lacks ${listed(types)}`,
              "revoke it, and make it again with npm run edge -- callbacks",
            ),
          ]
        : []),
    );
  } catch (error) {
    return only(sessionTrouble(error));
  }
}

function missing(all: readonly Subscription[], address: string): Finding {
  const others = all.map(({ callback_url }) => callback_url);
  const seen = others.length === 0 ? "there is none" : `those that are there call ${listed(others)}`;
  return fail(
    `no subscription calls ${address}; ${seen}`,
    "npm run edge -- callbacks --url <the Worker's address> --only events makes it",
  );
}

/** A Worker may have several addresses. */
function elsewhere(what: string, callbackUrl: string): Finding {
  const { origin } = new URL(callbackUrl);
  return warn(
    `${what} calls ${origin}, another address than that of --url`,
    "see that it is the same Worker's",
  );
}

function callFinding(id: string, status: number | undefined): Finding {
  if (status === undefined)
    return warn(`${id} has called nothing yet`, "say something in a channel, and look again");
  if (status >= 200 && status < 300) return pass(`${id}: its last call was taken`);
  if (status === 0)
    return fail(
      `${id}: its last call got no answer`,
      "the Worker's address has to be public, and answer within 3 s",
    );
  if (status === 401)
    return fail(
      `${id}: its last call was refused (401)`,
      "see callbacks-taken for why; after a rotation, put the new secret",
    );
  return fail(
    `${id}: its last call was answered with ${status}`,
    "let what stands before the Worker pass /clickclack/*",
  );
}

async function commandsOutcome(
  managed: Managed | Finding,
  account: Account,
  url: string,
  botUserId: string | undefined,
): Promise<Outcome<never>> {
  if ("state" in managed) return only(managed);
  const { commands } = account.callbacks;
  const hasSecret = commands.current.length + commands.next.length > 0;
  try {
    const all = await managed.manager.commands(managed.workspace.id);
    const { there, address, isElsewhere } = callsTo(url, account.id, "commands", all);
    if (there.length === 0)
      return only(
        hasSecret
          ? warn(
              `there is a secret for commands, and no command calls ${address}`,
              "npm run edge -- callbacks --url <the Worker's address> --only commands makes one",
            )
          : pass("none"),
      );
    const foreign = there.filter(({ bot_user_id }) => botUserId !== undefined && bot_user_id !== botUserId);
    return only(
      pass(listed(there.map(({ command }) => command))),
      ...(isElsewhere ? there.map(({ command, callback_url }) => elsewhere(command, callback_url)) : []),
      ...foreign.map(({ command }) =>
        fail(
          `${command} is in another bot's name (wrong_bot)`,
          "revoke it, and make it again for this account's bot",
        ),
      ),
    );
  } catch (error) {
    return only(sessionTrouble(error));
  }
}
