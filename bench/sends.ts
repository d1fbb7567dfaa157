import { randomUUID } from "node:crypto";
import type { Stage } from "./answers/stage.ts";
import { medianOf, type Round } from "./figures.ts";
import { Gun, type Shot } from "./load.ts";
import type { Line, Order, Report } from "./report.ts";

const LOADS = [
  { atOnce: 1, full: 200, quick: 10 },
  { atOnce: 20, full: 600, quick: 40 },
];
const ROUNDS = { full: 5, quick: 1 };

/** How long somebody waits who has something sent, against posting it to ClickClack with the bot's token. */
export async function sends(stage: Stage, { quick, note }: Order): Promise<Report> {
  const { channels, bot } = stage.seats.model;
  const shots = (token: string, bodyOf: (text: string) => object, count: number): Shot[] =>
    Array.from({ length: count }, () => ({
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: Buffer.from(JSON.stringify(bodyOf(randomUUID()))),
    }));
  const lines: Line[] = [];
  for (const load of LOADS) {
    const count = quick ? load.quick : load.full;
    const edge = new Gun(`${stage.edge}/v1/messages`, load.atOnce, 201);
    const floor = new Gun(`${stage.clickclack}/api/channels/${channels[0]}/messages`, load.atOnce, 201);
    const toEdge = (text: string) => ({ account: "model", to: `channel:${channels[0]}`, text });
    const toFloor = (body: string) => ({ body, nonce: body });
    const fireEdge = () => edge.fire(shots(stage.apiToken, toEdge, count));
    const fireFloor = () => floor.fire(shots(bot.token, toFloor, count));
    await fireFloor();
    await fireEdge();
    const rounds: Record<"edge" | "floor", Round[]> = { edge: [], floor: [] };
    for (let round = 0; round < (quick ? ROUNDS.quick : ROUNDS.full); round++) {
      note(`sends, ${load.atOnce} at once, round ${round + 1}`);
      rounds.floor.push(await fireFloor());
      rounds.edge.push(await fireEdge());
    }
    edge.close();
    floor.close();
    const of = (who: readonly Round[]) => medianOf(who.map(({ p50Ms }) => p50Ms));
    lines.push({
      name: `${load.atOnce} at once, median`,
      unit: "ms",
      edge: of(rounds.edge),
      floor: of(rounds.floor),
    });
  }
  return { title: "sends to a channel, against posting them to ClickClack", lines };
}
