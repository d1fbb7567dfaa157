import { medianRound, type Round } from "../figures.ts";
import { Gun } from "../load.ts";
import type { Line, Order, Report } from "../report.ts";
import { eventSource } from "./events.ts";
import { isSettled, isUp } from "./settle.ts";
import type { Stage } from "./stage.ts";

/** How many are under way at once, and how many there are in a round. */
interface Load {
  name: string;
  atOnce: number;
  full: number;
  quick: number;
  /** Whether each is made when nothing is left to do for the one before. */
  alone?: boolean;
}

const LOADS: Load[] = [
  { name: "one, and nothing else going on", atOnce: 1, full: 40, quick: 3, alone: true },
  { name: "1 at once", atOnce: 1, full: 400, quick: 20 },
  { name: "50 at once", atOnce: 50, full: 1_500, quick: 100 },
];
const ROUNDS = { full: 7, quick: 1 };
const TAKEN = 202;

/**
 * How long ClickClack waits for a callback, and with it whoever says something: from the request to the end of the answer,
 * against the same request to a Worker that reads it and answers, and to one that writes one row in a Durable Object before.
 * All are in one workerd and are asked in turns.
 *
 * In the figure of the Worker are the check of the signature, the call of the Durable Object, the journal's write to
 * SQLite on this machine's disk and, because workerd shows no answer before it is stored, the wait for it. Where one comes
 * right after another, what the Worker does in the background for messages that came before is in it as well: it looks
 * through ClickClack's events and asks for each message, which is not there, so that it is dropped. That is done before
 * the next round is measured.
 *
 * In all figures are Node's HTTP client and this machine's loopback; the network and Cloudflare's own layers are in none.
 */
export async function play(stage: Stage, { quick, note }: Order): Promise<Report> {
  await isUp(stage);
  const make = eventSource(stage);
  let sent = 0;
  const lines: Line[] = [];
  for (const load of LOADS) {
    const count = quick ? load.quick : load.full;
    const guns = {
      edge: new Gun(`${stage.edge}/clickclack/default/events`, load.atOnce, TAKEN),
      bare: new Gun(`${stage.bare}/clickclack/default/events`, load.atOnce, TAKEN),
      row: new Gun(`${stage.bare}/row`, load.atOnce, TAKEN),
    };
    const fire = async (who: keyof typeof guns): Promise<Round> => {
      const shots = make(count);
      const salvoes = load.alone === true ? shots.map((shot) => [shot]) : [shots];
      const rounds: Round[] = [];
      for (const salvo of salvoes) {
        rounds.push(await guns[who].fire(salvo));
        if (who !== "edge") continue;
        sent += salvo.length;
        await isSettled(stage, sent);
      }
      return medianRound(rounds);
    };
    const rounds: Record<keyof typeof guns, Round[]> = { edge: [], bare: [], row: [] };
    const order = ["bare", "row", "edge"] as const;
    for (let round = 0; round <= (quick ? ROUNDS.quick : ROUNDS.full); round++) {
      note(`${load.name}, round ${round}`);
      // Whoever comes later has a warmer machine; so they change places.
      for (const who of round % 2 === 0 ? order : order.toReversed()) {
        const fired = await fire(who);
        // In the first, connections are made and code is compiled.
        if (round > 0) rounds[who].push(fired);
      }
    }
    for (const gun of Object.values(guns)) gun.close();
    const [edge, bare, row] = [rounds.edge, rounds.bare, rounds.row].map(medianRound) as [
      Round,
      Round,
      Round,
    ];
    lines.push(
      { name: load.name, unit: "ms", edge: edge.p50Ms, floor: bare.p50Ms, goal: { ratio: 2 } },
      { name: `${load.name}, against a bare row`, unit: "ms", edge: edge.p50Ms, floor: row.p50Ms },
    );
    if (load.alone !== true)
      lines.push({
        name: `${load.name}, in a second`,
        unit: "per s",
        edge: edge.perSecond,
        floor: bare.perSecond,
      });
  }
  const bytes = make(1)[0]?.body.byteLength;
  return {
    title: `signed event callbacks of ${bytes} bytes, median, against a bare route on the same workerd`,
    lines,
  };
}
