import type { Message, Workspace } from "../../src/clickclack/wire.ts";
import type { Account } from "../../src/config/types.ts";
import { parseTarget } from "../../src/domain/target.ts";
import type { Remote } from "../../src/remote/headers.ts";
import { Problem } from "../problem.ts";
import { callsTo } from "./calls.ts";
import type { ClickClackSteps } from "./clickclack.ts";
import { type Finding, fail, type Outcome, only, pass, skip, withValue } from "./finding.ts";
import { managedBy, sessionTrouble } from "./person.ts";
import type { Step } from "./round.ts";
import { noAnswer, seconds } from "./round-trip/no-answer.ts";
import { Speaker, type Spot } from "./round-trip/speaker.ts";
import { type Wait, type Watched, watch } from "./round-trip/watch.ts";
import type { ConfiguredVisit } from "./visit.ts";
import type { Views } from "./worker.ts";

/** What a round trip is asked for. */
export interface RoundTripWishes {
  /** Where it posts; the account's `defaultTo` without one. */
  target: string | undefined;
  /** How long an answer is waited for, milliseconds. */
  waitMs: number;
  /** Told of everything that is posted. */
  say(text: string): void;
  /** Told of everything that may be deleted again. */
  posted(message: Posted): void;
}

/** A message that a round trip brought into the world. */
export interface Posted {
  id: string;
  /** Who may delete it; undefined for a bot's whose token is not here. */
  author: Remote | undefined;
}

interface Trip {
  wait: Wait;
  watched: Watched;
}

/** Talks to the bot of an account as a person, on every road that the account has. */
export function makeRoundTrip(
  visit: ConfiguredVisit,
  account: Account,
  { token, workspace }: ClickClackSteps,
  views: Step<Views>,
  wishes: RoundTripWishes,
): void {
  const { round, worker } = visit;
  const { id } = account;
  const trip = round.add("round-trip", id, [token, workspace], ({ me }, place) =>
    me === undefined
      ? only(skip("the token may not ask whose it is, so that the bot cannot be spoken to"))
      : messageOutcome({ visit, account, wishes, views }, { id: me.id, handle: me.handle }, place),
  );
  round.add("round-trip-roads", id, [trip, views], ({ wait, watched }) =>
    only(...roadFindings(watched, roadsOf(account, wait.spot))),
  );
  round.add("round-trip-command", id, [trip], ({ wait }) =>
    commandOutcome({ visit, account, wishes, views }, wait),
  );
  round.add("round-trip-send", id, [trip, views], ({ wait }) =>
    worker === undefined ? only(skip("needs --url")) : sendOutcome({ visit, account, wishes, views }, wait),
  );
}

interface Travel {
  visit: ConfiguredVisit;
  account: Account;
  wishes: RoundTripWishes;
  views: Step<Views>;
}

interface Bot {
  id: string;
  handle: string;
}

async function messageOutcome(travel: Travel, bot: Bot, workspace: Workspace): Promise<Outcome<Trip>> {
  const { account, wishes } = travel;
  try {
    const speaker = await speakerFor(travel);
    if ("state" in speaker) return only(speaker);
    const spot = await spotFor(travel, speaker, bot, workspace);
    if ("state" in spot) return only(spot);
    const { place } = spot;
    const text = `${bot.handle === "" ? "" : `@${bot.handle} `}A test of the connection (${mark()}): please say a word.`;
    const id = await speaker.say(spot, text);
    wishes.posted({ id, author: speaker.remote });
    wishes.say(`${account.id}: posted as ${speaker.me.display_name} in ${spot.name}: "${text}" (${id})`);
    const wait = await waitFor(travel, speaker, spot, bot.id);
    // Only in a channel do others' answers come between; ids grow with time.
    const isAnswer = (one: Message) =>
      one.quoted_message_id === id || (place.kind !== "channel" && one.id > id);
    const watched = await watch(wait, id, isAnswer, roadsOf(account, spot));
    if (watched.answer === undefined) return only(await reasonFor(travel, watched));
    wishes.posted({ id: watched.answer, author: botRemote(travel) });
    return withValue(
      { wait, watched },
      pass(`answered in ${seconds(watched.ms)}, by ${watched.answer} in ${spot.name}`),
    );
  } catch (error) {
    return only(sessionTrouble(error));
  }
}

/** A person, since a bot never answers itself, and other bots only when it is told to. */
async function speakerFor({ visit, account }: Travel): Promise<Speaker | Finding> {
  const { session, config } = visit;
  if (session === undefined) return skip("needs a person's session");
  const speaker = await Speaker.signIn({
    url: account.apiBaseUrl,
    token: session,
    access: config.access.clickclack,
  });
  if (speaker.me.kind !== "bot") return speaker;
  return fail(
    "the session is a bot's token, and a bot does not answer itself",
    "give the session of a person in CLICKCLACK_SESSION",
  );
}

async function spotFor(
  { account, wishes }: Travel,
  speaker: Speaker,
  bot: Bot,
  workspace: Workspace,
): Promise<Spot | Finding> {
  const written = wishes.target ?? account.defaultTo;
  const name = wishes.target === undefined ? "defaultTo" : "--target";
  const parsed = parseTarget(written);
  if (!parsed.ok) return fail(`${name}: ${parsed.problem}`, "use channel:, dm: or thread:");
  const spot = await speaker.findSpot(workspace.id, bot.id, parsed.target, wishes.target !== undefined);
  return spot ?? fail(`${name} ${written}: there is no such channel`, "give a channel that the person is in");
}

/** Stories are told only to who has the API token. */
async function waitFor(
  { visit, account, wishes, views }: Travel,
  speaker: Speaker,
  spot: Spot,
  botUserId: string,
): Promise<Wait> {
  const isTold = (await views.outcome).value !== undefined;
  return {
    speaker,
    spot,
    botUserId,
    worker: isTold ? visit.worker?.client : undefined,
    account: account.id,
    waitMs: wishes.waitMs,
    signal: visit.signal,
  };
}

async function reasonFor({ visit, account }: Travel, watched: Watched): Promise<Finding> {
  const now = await visit.worker?.look(account.id);
  return noAnswer(watched, now instanceof Problem ? undefined : now);
}

/** Which roads have to bring a message; direct messages come by no callback. */
function roadsOf({ inbound }: Account, { place }: Spot): string[] {
  const isTold = place.kind !== "dm";
  switch (inbound) {
    case "realtime":
      return ["realtime"];
    case "callbacks":
      return [isTold ? "callback" : "sweep"];
    case "both":
      return ["realtime", ...(isTold ? ["callback"] : [])];
  }
}

const ROAD_MENDS: Record<string, string> = {
  realtime: "see link and realtime",
  callback: "see subscription, callbacks-taken and callback-address",
  sweep: "see events and link",
};

function roadFindings({ roads }: Watched, wanted: readonly string[]): Finding[] {
  return wanted.map((road) => {
    const ms = roads.get(road);
    return ms === undefined
      ? fail(`${road} has not brought the message`, ROAD_MENDS[road] ?? "see link")
      : pass(`${road} has brought it, within ${seconds(ms)}`);
  });
}

async function commandOutcome(travel: Travel, wait: Wait): Promise<Outcome<never>> {
  const { visit, account, wishes } = travel;
  const { speaker, spot } = wait;
  if (spot.place.kind !== "channel")
    return only(skip("slash commands are in channels alone: give --target a channel"));
  if (visit.worker === undefined) return only(skip("the Worker's address is not known: give --url"));
  try {
    const managed = await managedBy(visit.session, account, visit.config.access.clickclack);
    if ("state" in managed) return only(managed);
    const all = await managed.manager.commands(managed.workspace.id);
    const { there, address } = callsTo(visit.worker.client.url, account.id, "commands", all);
    const [first] = there;
    if (first === undefined) return only(skip(`no slash command calls ${address}`));
    const text = `a test of the connection (${mark()}): please say a word`;
    const { trigger } = await speaker.command(spot.place.channelId, first.command, text);
    wishes.say(
      `${account.id}: gave ${first.command} as ${speaker.me.display_name} in ${spot.name}: "${text}" (${trigger})`,
    );
    const watched = await watch(wait, trigger ?? "", ({ body }) => body.includes(text));
    if (watched.answer === undefined) return only(await reasonFor(travel, watched));
    wishes.posted({ id: watched.answer, author: botRemote(travel) });
    return only(pass(`${first.command} was answered in ${seconds(watched.ms)}, by ${watched.answer}`));
  } catch (error) {
    return only(sessionTrouble(error));
  }
}

async function sendOutcome(travel: Travel, { speaker, spot }: Wait): Promise<Outcome<never>> {
  const { visit, account, wishes } = travel;
  const text = `A test of sends (${mark()}).`;
  const begun = Date.now();
  try {
    const body = { account: account.id, to: spot.target, text };
    const sent = await visit.worker?.client.send(body, crypto.randomUUID(), false);
    const id = sent?.messageId ?? "";
    wishes.posted({ id, author: botRemote(travel) });
    wishes.say(`${account.id}: sent through the Worker to ${spot.name}: "${text}" (${id})`);
    await speaker.message(id);
    return only(pass(`arrived in ${seconds(Date.now() - begun)}, as ${id}`));
  } catch (error) {
    if (error instanceof Problem) return only(fail(error.message, "see token, scopes and link"));
    return only(sessionTrouble(error));
  }
}

function botRemote({ visit, account }: Travel): Remote | undefined {
  return (
    account.token && { url: account.apiBaseUrl, token: account.token, access: visit.config.access.clickclack }
  );
}

/** Makes a text unlike any other. */
function mark(): string {
  return `edge doctor ${crypto.randomUUID().slice(0, 8)}`;
}
