import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import { medianOf } from "../figures.ts";
import type { Order } from "../report.ts";
import { CAST, type Player } from "./cast.ts";
import { type Crowds, withCrowds } from "./crowds.ts";
import type { Stage } from "./stage.ts";
import { clock, type Watched } from "./watch.ts";

/** Questions before those that are watched: connections are made and code is compiled. */
const WARM_UP = 40;
const WATCHED = 41;

/** When a step was begun and ended, milliseconds since the question. */
interface Step {
  name: string;
  from: number;
  to: number;
}

/**
 * Shows the way of a message: what the stand-ins are asked for it, by whom and when, each time the median of many
 * questions. What lies between two requests is the bot's own time, and the wires'.
 */
export function trace(stage: Stage, { quick }: Order, thread: Worker): Promise<string> {
  return withCrowds(stage, async (crowds) => {
    for (const player of CAST)
      for (let asked = 0; asked < (quick ? 1 : WARM_UP); asked++) await ask(crowds, player);
    const ways: Record<Player, Step[][]> = { floor: [], model: [], agent: [] };
    for (let asked = 0; asked < (quick ? 1 : WATCHED); asked++)
      for (const player of CAST) ways[player].push(await oneWay(player, crowds, stage, thread));
    return CAST.map((player) => [player, ...table(ways[player])].join("\n")).join("\n\n");
  });
}

function ask(crowds: Crowds, player: Player): Promise<number> {
  return crowds[player].ask(0, "how are you?").tookMs;
}

async function oneWay(
  player: Player,
  crowds: Crowds,
  { seats, gateway }: Stage,
  thread: Worker,
): Promise<Step[]> {
  thread.postMessage("watch");
  const begun = clock();
  const tookMs = await ask(crowds, player);
  thread.postMessage("tell");
  const [watched] = (await once(thread, "message")) as [Watched[]];
  const { person, bot } = seats[player];
  const mine = watched.filter(({ token }) => [person.token, bot.token, gateway.token].includes(token));
  const steps = mine.map(({ method, path, token, from, to }) => ({
    name: `${token === person.token ? "person" : "bot"} ${method} ${short(path)}`,
    from: from - begun,
    to: to - begun,
  }));
  return [...steps, { name: "person hears of the answer", from: tookMs, to: tookMs }];
}

/** Steps that most of the ways have, with their medians, in the order in which they begin. */
function table(ways: readonly Step[][]): string[] {
  const times = new Map<string, Step[]>();
  for (const way of ways) {
    const seen = new Map<string, number>();
    for (const step of way) {
      const count = (seen.get(step.name) ?? 0) + 1;
      seen.set(step.name, count);
      const name = count === 1 ? step.name : `${step.name} (${count})`;
      times.set(name, [...(times.get(name) ?? []), step]);
    }
  }
  return [...times]
    .filter(([, steps]) => 2 * steps.length > ways.length)
    .map(([name, steps]) => ({
      name,
      from: medianOf(steps.map(({ from }) => from)),
      to: medianOf(steps.map(({ to }) => to)),
    }))
    .sort((a, b) => a.from - b.from)
    .map(({ name, from, to }) => `${from.toFixed(2).padStart(8)} – ${to.toFixed(2).padEnd(8)} ${name}`);
}

/** Ids and numbers say nothing here. */
function short(path: string): string {
  return path.replace(/_[0-9a-z]{26}/g, "_…").replace(/seq=\d+/, "seq=…");
}
