import { medianOf, rank } from "../figures.ts";
import type { Line, Order, Report } from "../report.ts";
import { until } from "../until.ts";
import { CAST, type Player } from "./cast.ts";
import type { Crowd } from "./crowd.ts";
import { type Crowds, takes, withCrowds } from "./crowds.ts";
import type { Stage } from "./stage.ts";

const EDGES = CAST.filter((player) => player !== "floor");
/** Does the same with one of them. @returns milliseconds */
type Round = (crowd: Crowd) => Promise<number>;
/** What it took each, milliseconds. */
type Took = Record<Player, number>;

/**
 * How long people wait for an answer: from before they post a message until the event that tells of its answer is there,
 * of the Worker and of {@link ./floor.ts}, in turns.
 *
 * All talk over this machine's loopback with the stand-ins, which answer at once; so that what is compared is what the
 * bots themselves add.
 */
export async function play(stage: Stage, order: Order): Promise<Report> {
  return withCrowds(stage, async (crowds) => {
    const alone = await oneAfterTheOther(crowds, order);
    return {
      title: "from a person's message to its answer, the model answering at once unless said otherwise",
      lines: [
        ...linesOf("A  40 one after the other, median", alone, { ratio: 1.3 }),
        ...(await costs(crowds, order, stage)),
        ...(await roomsAtOnce(crowds, order)),
        ...(await besideASlowOne(crowds, order, alone)),
        ...(await burst(crowds, order)),
      ],
    };
  });
}

/** A: the median of 40 questions in one room, each asked when the one before was answered. */
function oneAfterTheOther(crowds: Crowds, order: Order): Promise<Took> {
  const count = order.quick ? 5 : 40;
  return takingTurns("A", crowds, order, order.quick ? 1 : 7, (crowd) => medianWait(crowd, 0, count));
}

/** What one answered question of A costs: rows that are written, and frames that the account's object is woken for. */
async function costs(crowds: Crowds, order: Order, stage: Stage): Promise<Line[]> {
  const count = order.quick ? 5 : 40;
  const lines: Line[] = [];
  for (const player of EDGES) {
    const crowd = crowds[player];
    const before = { rows: await rowsWritten(stage, player), frames: crowd.frames };
    await medianWait(crowd, 0, count);
    // What is written behind an answer belongs to it.
    await until(async () => (await status(stage, player)).turns.running === 0);
    const rows = (await rowsWritten(stage, player)) - before.rows;
    lines.push(
      {
        name: `rows written for an answer (${player})`,
        unit: "rows",
        edge: rows / count,
        goal: { atMost: 6 },
      },
      {
        name: `socket frames for it (${player})`,
        unit: "frames",
        edge: (crowd.frames - before.frames) / count,
      },
    );
  }
  return lines;
}

/** B: one question in each of 20 rooms, the model taking a second; until the last was answered. */
async function roomsAtOnce(crowds: Crowds, order: Order): Promise<Line[]> {
  const round: Round = async (crowd) => {
    const asked = Array.from({ length: 20 }, (_, room) => crowd.ask(room, takes(1_000)));
    return Math.max(...(await Promise.all(asked.map(({ tookMs }) => tookMs))));
  };
  const took = await takingTurns("B", crowds, order, order.quick ? 1 : 3, round);
  return linesOf("B  20 rooms at once, model 1 s, the last", took, { atMost: 1_300 });
}

/** C: questions in one room while the model takes 8 s for another one, against what they took in A, each its own. */
async function besideASlowOne(crowds: Crowds, order: Order, alone: Took): Promise<Line[]> {
  const slow = Object.values(crowds).map((crowd) => crowd.ask(0, takes(order.quick ? 1_000 : 8_000)));
  await Promise.all(slow.map(({ posted }) => posted));
  const round: Round = (crowd) => medianWait(crowd, 1, order.quick ? 5 : 20);
  const took = await takingTurns("C", crowds, order, order.quick ? 1 : 5, round);
  await Promise.all(slow.map(({ tookMs }) => tookMs));
  return EDGES.map((player) => ({
    name: `C  quick beside an 8 s one, against its own A (${player})`,
    unit: "ms",
    edge: took[player],
    floor: alone[player],
    goal: { ratio: 2 },
  }));
}

/** D: 10 questions in each of 10 rooms, posted as fast as they are taken, the model taking 50 ms; until the last answer. */
async function burst(crowds: Crowds, order: Order): Promise<Line[]> {
  const each = order.quick ? 2 : 10;
  const rooms = Array.from({ length: 10 }, (_, room) => room + 2);
  const round: Round = async (crowd) => {
    const from = performance.now();
    const talk = async (room: number) => {
      let last = Promise.resolve(0);
      for (let count = 0; count < each; count++) {
        const { posted, tookMs } = crowd.ask(room, takes(50));
        await posted;
        last = tookMs;
      }
      await last;
    };
    await Promise.all(rooms.map(talk));
    const tookMs = performance.now() - from;
    for (const room of rooms) await crowd.checkOrder(room);
    return tookMs;
  };
  const took = await takingTurns("D", crowds, order, order.quick ? 1 : 5, round);
  return linesOf("D  100 to 10 rooms, model 50 ms, all", took, { ratio: 1.1 });
}

async function medianWait(crowd: Crowd, room: number, count: number): Promise<number> {
  const took: number[] = [];
  for (let asked = 0; asked < count; asked++) took.push(await crowd.ask(room, "how are you?").tookMs);
  return rank(took, 0.5);
}

/** Whoever is second has a warmer machine; so they change places. The first round makes connections and is not counted. */
async function takingTurns(
  name: string,
  crowds: Crowds,
  { note }: Order,
  rounds: number,
  round: Round,
): Promise<Took> {
  const took: Record<Player, number[]> = { floor: [], model: [], agent: [] };
  for (let count = 0; count <= rounds; count++) {
    note(`${name}, round ${count} of ${rounds}`);
    for (let turn = 0; turn < CAST.length; turn++) {
      const player = CAST[(turn + count) % CAST.length] as Player;
      const tookMs = await round(crowds[player]);
      if (count > 0) took[player].push(tookMs);
    }
  }
  return { floor: medianOf(took.floor), model: medianOf(took.model), agent: medianOf(took.agent) };
}

function linesOf(name: string, took: Took, goal: Line["goal"]): Line[] {
  return EDGES.map((player) => ({
    name: `${name} (${player})`,
    unit: "ms",
    edge: took[player],
    floor: took.floor,
    goal,
  }));
}

async function rowsWritten({ edge, apiToken }: Stage, account: string): Promise<number> {
  const answer = await fetch(`${edge}/metrics`, { headers: { authorization: `Bearer ${apiToken}` } });
  const line = new RegExp(`^clickclack_edge_rows_written_total\\{account="${account}"\\} (\\d+)$`, "m");
  const found = line.exec(await answer.text())?.[1];
  if (found === undefined) throw new Error(`the metrics say nothing of the rows of ${account}`);
  return Number(found);
}

async function status({ edge, apiToken }: Stage, account: string) {
  const answer = await fetch(`${edge}/v1/accounts/${account}`, {
    headers: { authorization: `Bearer ${apiToken}` },
  });
  return (await answer.json()) as { turns: { running: number } };
}
