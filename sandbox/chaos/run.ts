import { parseArgs } from "node:util";
import { untilInterrupted } from "../../scripts/interrupt.ts";
import { lanesOf, placesFor } from "./cast.ts";
import { control } from "./control.ts";
import { FaultPlayer } from "./faults.ts";
import { playKills } from "./kills.ts";
import { makePlan, type RunOrder } from "./plan.ts";
import { Prunings } from "./prunings.ts";
import { isClean, report } from "./report.ts";
import { type Scene, setScene } from "./scene.ts";
import { countMishaps, scriptAnswers } from "./script.ts";
import { Sends } from "./sends.ts";
import { isUp, settled, startOnceMore, verdictOf } from "./settle.ts";
import { Talk } from "./talk.ts";
import { Tally } from "./tally.ts";
import { holdsWithin, Timeline } from "./timeline.ts";
import { WorkerLog } from "./worker-log.ts";

// npm run chaos -- --messages 300 --kills 12 --seed 7 [--verbose]
// Ends with code 0 only if every question was answered and every send made, once and in order, and every kill happened.

/** wrangler's first start, with the bundle to make. */
const START_TIMEOUT_MS = 60_000;

const order = readOrder();
const startedAt = Date.now();
let since = startedAt;
const print = (text: string) => {
  if (order.verbose) console.log(`${((Date.now() - since) / 1000).toFixed(2).padStart(7)}  ${text}`);
};
const log = new WorkerLog(() => Date.now() - since, print);
const interrupt = untilInterrupted();
const scene = await setScene(order.messages, (output) => log.take(output));
const stopEarly = () => void scene.stop().finally(() => process.exit(1));
if (interrupt.aborted) stopEarly();
else interrupt.addEventListener("abort", stopEarly);
try {
  process.exitCode = (await run(scene, order)) ? 0 : 1;
} finally {
  await scene.stop();
}

async function run(scene: Scene, order: RunOrder): Promise<boolean> {
  const plan = makePlan(order);
  const places = placesFor(order.messages);
  console.log(
    `chaos: ${order.messages} messages in ${places.length} places, ${order.kills} kills, seed ${order.seed}, plan ${plan.fingerprint}`,
  );
  await scriptAnswers(scene.gateway, plan.questions);
  scene.worker.start();
  await scene.worker.up();
  if (!(await holdsWithin(START_TIMEOUT_MS, () => isUp(scene)))) throw new Error("the Worker did not link");

  since = Date.now();
  const timeline = new Timeline();
  const { clickclack, gateway, worker, traffic, edge, callbacks } = scene;
  const { room } = scene.places;
  const talk = new Talk(scene.places, timeline, (text) => callbacks.takenAs(text), plan.questions);
  const onAccepted = () => traffic.tell("accepted");
  const sends = new Sends({ edge, places: scene.places, timeline, onAccepted }, plan.sends);
  const asking = { lanes: lanesOf(places), talk, sends };
  const [kills, faults] = [new Tally(), new Tally()];
  const now = () => timeline.now;
  const prunings = new Prunings({ clickclack, workspaceId: room.workspaceId, now, print });
  const player = new FaultPlayer({
    clickclack,
    gateway,
    timeline,
    tally: faults,
    prunings,
    callbacks,
    botId: (name) => room.bot(name).id,
    questionsPosted: () => talk.posted,
    print,
  });
  const underway = Promise.all([player.play(plan.faults), sends.play()]);
  // What fails there is thrown where it is awaited, below.
  underway.catch(() => {});
  const killing = playKills(
    {
      worker,
      traffic,
      timeline,
      tally: kills,
      prunings,
      isUp: () => isUp(scene),
      onDead: () => log.cut(),
      print,
    },
    plan.kills,
  );
  await Promise.all([talk.play(), killing]);
  print("everything is said; waiting for the last answers");
  await callbacks.over();
  const { lost, inTime } = await settled(scene, asking, log);
  print(inTime ? "settled" : "not settled in time");
  player.stop();
  sends.stop();
  await underway;
  await player.countMet();
  faults.addAll(callbacks.met);
  faults.add("gateway refused while draining", traffic.drained);
  prunings.count(log, faults);
  await countMishaps(gateway, plan.questions, faults);
  await control(clickclack, "DELETE", "faults");
  const cameUp = await startOnceMore(scene);

  const verdict = { ...(await verdictOf(scene, asking)), lost };
  console.log(`took ${Math.round((Date.now() - startedAt) / 1000)} s`);
  if (!inTime) console.log("the Worker was not done in time");
  if (!cameUp) console.log("the Worker's last start did not come up");
  report(
    verdict,
    [
      `${kills.total} kills: ${kills}`,
      `${faults.total} faults: ${faults}`,
      `${talk}`,
      `${callbacks}`,
      `${sends}`,
    ],
    log,
  );
  const wasAllDone = kills.total === order.kills && talk.posted === order.messages && sends.wereAccepted;
  return isClean(verdict) && inTime && cameUp && wasAllDone;
}

function readOrder(): RunOrder & { verbose: boolean } {
  const { values } = parseArgs({
    options: {
      messages: { type: "string", default: "300" },
      kills: { type: "string", default: "12" },
      seed: { type: "string", default: "7" },
      verbose: { type: "boolean", default: false },
    },
  });
  const whole = (name: "messages" | "kills" | "seed", min: number): number => {
    const value = Number(values[name]);
    if (!Number.isSafeInteger(value) || value < min)
      throw new Error(`--${name} must be a whole number from ${min}`);
    return value;
  };
  return {
    messages: whole("messages", 1),
    kills: whole("kills", 0),
    seed: whole("seed", 0),
    verbose: values.verbose,
  };
}
