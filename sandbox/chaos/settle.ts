import { setTimeout as sleep } from "node:timers/promises";
import { BOTS, type Lane } from "./cast.ts";
import { control } from "./control.ts";
import { type Due, judge, type Verdict } from "./judge.ts";
import type { Scene } from "./scene.ts";
import type { Sends } from "./sends.ts";
import type { Talk } from "./talk.ts";
import { holdsWithin } from "./timeline.ts";
import type { WorkerLog } from "./worker-log.ts";

/** What was to be said and by whom it was asked for. */
export interface Asking {
  /** Every one that there is: what nobody asked for may stand anywhere. */
  readonly lanes: readonly Lane[];
  readonly talk: Talk;
  readonly sends: Sends;
}

/** After the last question and the last start; what does not stand there by then is lost. */
const SETTLE_TIMEOUT_MS = 120_000;
/**
 * A message that two kills and a fault have met is tried again after two minutes only, and the rest of its conversation
 * waits behind it. What the Worker has promised by then to try later is waited for so long after its time.
 */
const PROMISE_GRACE_MS = 15_000;
const LOOK_INTERVAL_MS = 500;
const START_TIMEOUT_MS = 60_000;

/** The states of a link that is well: with a socket, and of an account that has none. */
const UP = ["linked", "sweeping"];

/** Whether messages come in, for every account. */
export async function isUp({ edge }: Scene): Promise<boolean> {
  const accounts = await edge.accounts();
  return accounts?.every(({ link }) => UP.includes(link?.state ?? "")) ?? false;
}

/**
 * Waits until everything that is due stands there, or was given up by the Worker in so many words, and the Worker has
 * nothing left to do.
 *
 * @returns what does not stand there, and whether it came to that in time
 */
export async function settled(
  scene: Scene,
  asking: Asking,
  log: WorkerLog,
): Promise<{ lost: readonly Due[]; inTime: boolean }> {
  const timeoutAt = Date.now() + SETTLE_TIMEOUT_MS;
  let until = timeoutAt;
  for (;;) {
    const { lost } = await verdictOf(scene, asking);
    const wasGivenUp = ({ loggedAs }: Due) => loggedAs !== undefined && log.gaveUp(loggedAs);
    if (lost.every(wasGivenUp) && (await asking.sends.areSettled()) && (await isIdle(scene)))
      return { lost, inTime: true };
    if (Date.now() > until) return { lost, inTime: false };
    if (Date.now() < timeoutAt) until = Math.max(until, promisedUntil(lost, log));
    await sleep(LOOK_INTERVAL_MS);
  }
}

/** @returns when the last thing is to stand there that the Worker has said it will try again, Unix ms; 0 for nothing */
function promisedUntil(lost: readonly Due[], log: WorkerLog): number {
  const retries = lost.flatMap(({ loggedAs }) =>
    loggedAs === undefined ? [] : (log.retryInMs(loggedAs) ?? []),
  );
  return retries.length === 0 ? 0 : Date.now() + Math.max(...retries) + PROMISE_GRACE_MS;
}

/**
 * Starts the Worker once more, in peace, on the state that all the kills left, hands it every callback again, and waits
 * until it has looked through the recent events: a state that answers something twice does so now. What it makes good only now was lost all the
 * same, or a Worker that is stuck would look like a patient one.
 *
 * @returns whether it came to that
 */
export async function startOnceMore(scene: Scene): Promise<boolean> {
  await scene.worker.kill();
  const before = await sweepsOf(scene);
  scene.worker.start();
  await scene.worker.up();
  const isThrough = async () => {
    const now = await sweepsOf(scene);
    return now.every((count, index) => count > (before[index] ?? 0)) && (await isUp(scene)) && isIdle(scene);
  };
  if (!(await holdsWithin(START_TIMEOUT_MS, isThrough))) return false;
  await scene.callbacks.repeatAll();
  return holdsWithin(START_TIMEOUT_MS, () => isIdle(scene));
}

/** What is wrong with what stands in ClickClack now. */
export async function verdictOf({ places }: Scene, { lanes, talk, sends }: Asking): Promise<Verdict> {
  const records = lanes.map(async (lane) => {
    const said = await places.saidBy(lane.bot, lane.place);
    return { lane, due: [...talk.due(lane), ...sends.due(lane)], said };
  });
  return judge(await Promise.all(records));
}

async function isIdle({ edge }: Scene): Promise<boolean> {
  const accounts = await edge.accounts();
  return accounts?.every(({ turns }) => turns?.waiting === 0 && turns.running === 0) ?? false;
}

/** How often each bot has read the events, with an answer. */
function sweepsOf(scene: Scene): Promise<number[]> {
  return Promise.all(
    BOTS.map(async (bot) => {
      const path = `requests?user_id=${scene.places.room.bot(bot).id}&path=${encodeURIComponent("^/api/realtime/events$")}`;
      const { requests } = await control<{ requests: { status?: number }[] }>(scene.clickclack, "GET", path);
      return requests.filter(({ status }) => status === 200).length;
    }),
  );
}
