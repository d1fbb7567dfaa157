import { BOTS, type Lane } from "./cast.ts";
import { control } from "./control.ts";
import { judge, type Verdict } from "./judge.ts";
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
const LOOK_INTERVAL_MS = 500;
const START_TIMEOUT_MS = 60_000;

/** Whether every account is linked. */
export async function isUp({ edge }: Scene): Promise<boolean> {
  const accounts = await edge.accounts();
  return accounts?.every(({ link }) => link?.state === "linked") ?? false;
}

/**
 * Waits until everything that is due stands there, or was given up by the Worker in so many words, and the Worker has
 * nothing left to do.
 *
 * @returns whether it came to that in time
 */
export function settled(scene: Scene, asking: Asking, log: WorkerLog): Promise<boolean> {
  const isOver = async () => {
    const { lost } = await verdictOf(scene, asking);
    if (!lost.every(({ loggedAs }) => loggedAs !== undefined && log.gaveUp(loggedAs))) return false;
    return (await asking.sends.areSettled()) && (await isIdle(scene));
  };
  return holdsWithin(SETTLE_TIMEOUT_MS, isOver, LOOK_INTERVAL_MS);
}

/**
 * Starts the Worker once more, in peace, on the state that all the kills left, and waits until it has looked through the
 * recent events again: a state that answers something twice does so now.
 */
export async function startOnceMore(scene: Scene): Promise<void> {
  await scene.worker.kill();
  const before = await sweepsOf(scene);
  scene.worker.start();
  await scene.worker.up();
  const isThrough = async () => {
    const now = await sweepsOf(scene);
    return now.every((count, index) => count > (before[index] ?? 0)) && (await isUp(scene)) && isIdle(scene);
  };
  if (!(await holdsWithin(START_TIMEOUT_MS, isThrough))) throw new Error("the last start did not come up");
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
