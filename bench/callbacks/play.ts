import { medianOf, type Round } from "../figures.ts";
import { Gun } from "../load.ts";
import type { Line, Order, Report } from "../report.ts";
import { eventSource } from "./events.ts";
import { isSettled, isUp } from "./settle.ts";
import type { Stage } from "./stage.ts";

/** How many are under way at once, and how many there are in a round. */
const LOADS = [
  { atOnce: 1, full: 400, quick: 20 },
  { atOnce: 50, full: 1_500, quick: 100 },
];
const ROUNDS = { full: 7, quick: 1 };
const TAKEN = 202;

/**
 * How long ClickClack waits for a callback, and with it whoever says something: from the request to the end of the answer,
 * against the same request to a Worker that reads it and answers. Both are in one workerd and are asked in turns.
 *
 * In the figure of the Worker are the check of the signature, the call of the Durable Object, the journal's write to
 * SQLite on this machine's disk and, because workerd shows no answer before it is stored, the wait for it. What the Worker
 * does in the background for messages that came before is in it as well: it looks through ClickClack's events and asks
 * for each message, which is not there, so that it is dropped. That is done before the next one is measured.
 *
 * In both figures are Node's HTTP client and this machine's loopback; the network and Cloudflare's own layers are in none.
 */
export async function play(stage: Stage, { quick, note }: Order): Promise<Report> {
  await isUp(stage);
  const make = eventSource(stage);
  let sent = 0;
  const lines: Line[] = [];
  for (const load of LOADS) {
    const count = quick ? load.quick : load.full;
    const edge = new Gun(`${stage.edge}/clickclack/default/events`, load.atOnce, TAKEN);
    const bare = new Gun(`${stage.bare}/clickclack/default/events`, load.atOnce, TAKEN);
    const fireEdge = async (): Promise<Round> => {
      const round = await edge.fire(make(count));
      sent += count;
      await isSettled(stage, sent);
      return round;
    };
    const fireBare = () => bare.fire(make(count));
    // Not counted: connections are made and code is compiled.
    await fireBare();
    await fireEdge();
    const rounds: { edge: Round[]; bare: Round[] } = { edge: [], bare: [] };
    for (let round = 0; round < (quick ? ROUNDS.quick : ROUNDS.full); round++) {
      note(`${load.atOnce} at once, round ${round + 1}`);
      // Whoever is second has a warmer machine; so they change places.
      if (round % 2 === 0) rounds.bare.push(await fireBare());
      rounds.edge.push(await fireEdge());
      if (round % 2 === 1) rounds.bare.push(await fireBare());
    }
    edge.close();
    bare.close();
    const of = (who: readonly Round[], key: keyof Round) => medianOf(who.map((round) => round[key]));
    const line = (name: string, key: keyof Round): Line => ({
      name: `${load.atOnce} at once, ${name}`,
      unit: key === "perSecond" ? "per s" : "ms",
      edge: of(rounds.edge, key),
      floor: of(rounds.bare, key),
    });
    lines.push(
      { ...line("median", "p50Ms"), goal: { ratio: 2 } },
      line("99 of 100 within", "p99Ms"),
      line("throughput", "perSecond"),
    );
  }
  const bytes = make(1)[0]?.body.byteLength;
  return {
    title: `signed event callbacks of ${bytes} bytes, against a bare route on the same workerd`,
    lines,
  };
}
