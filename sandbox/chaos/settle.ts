import { BOTS } from "./cast.ts";
import { control } from "./control.ts";
import { judge, type Verdict } from "./judge.ts";
import type { Scene } from "./scene.ts";
import type { Talk } from "./talk.ts";
import { holdsWithin } from "./timeline.ts";
import type { WorkerLog } from "./worker-log.ts";

/** After the last question and the last start; what has no answer by then is lost. */
const SETTLE_TIMEOUT_MS = 120_000;
const LOOK_INTERVAL_MS = 500;
const START_TIMEOUT_MS = 60_000;

/** Whether every account is linked. */
export async function isUp(scene: Scene): Promise<boolean> {
  const accounts = await scene.accounts();
  return accounts?.every(({ link }) => link?.state === "linked") ?? false;
}

/**
 * Waits until every question is answered, or given up by the Worker in so many words, and the Worker has nothing left
 * to do.
 *
 * @returns whether it came to that in time
 */
export function settled(scene: Scene, talk: Talk, log: WorkerLog): Promise<boolean> {
  const isOver = async () => {
    const { lost } = judge(await talk.records());
    return lost.every(({ messageId }) => log.gaveUp(messageId)) && (await isIdle(scene));
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

/** The final judgement. */
export async function verdictOf(talk: Talk): Promise<Verdict> {
  return judge(await talk.records());
}

async function isIdle(scene: Scene): Promise<boolean> {
  const accounts = await scene.accounts();
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
