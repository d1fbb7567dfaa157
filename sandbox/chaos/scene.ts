import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callBack } from "../call-back.ts";
import { startClickClack } from "../clickclack/server.ts";
import { startOpenClaw } from "../openclaw/server.ts";
import { startRelay } from "../relay.ts";
import { makeRoom } from "../room.ts";
import { CALLBACK_TIMEOUT_MS, CallbackFaults } from "./callbacks.ts";
import { BOTS, CALLBACK_BOTS, commandOf, OWNER, placesFor, roomOrder } from "./cast.ts";
import { configText, tokenName } from "./config.ts";
import { Edge } from "./edge.ts";
import { Places } from "./places.ts";
import { Traffic } from "./traffic.ts";
import { KillableWorker } from "./worker.ts";

/** Everything that runs in a chaos run. */
export interface Scene {
  readonly clickclack: string;
  readonly gateway: string;
  readonly places: Places;
  readonly traffic: Traffic;
  /** On the way from ClickClack to the Worker. */
  readonly callbacks: CallbackFaults;
  /** Not started yet. */
  readonly worker: KillableWorker;
  readonly edge: Edge;
  /** Ends all that was started and removes what was stored. */
  stop(): Promise<void>;
}

/**
 * Starts both stand-ins in this process, with a workspace and every place in it, and makes a Worker ready that keeps its
 * state in a temporary folder. Callbacks reach it through a relay, for it has another address in each of its lives.
 *
 * @param messages how many there will be; more of them get more places
 * @param onOutput told of what wrangler and the Worker print
 */
export async function setScene(messages: number, onOutput: (text: string) => void): Promise<Scene> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const clickclack = await startClickClack({ callbackTimeoutMs: CALLBACK_TIMEOUT_MS });
    stops.push(() => clickclack.close());
    const gateway = await startOpenClaw({ agents: BOTS });
    stops.push(() => gateway.close());
    const places = new Places(clickclack.url, await makeRoom(clickclack.url, roomOrder(messages)));
    await places.open(placesFor(messages));
    const tokens = BOTS.map((bot) => places.room.bot(bot).token);
    const traffic = new Traffic(tokens, gateway.token);
    stops.push(async () => traffic.close());
    let worker: KillableWorker | undefined;
    const target = () => worker?.url;
    const callbacks = new CallbackFaults({
      isThere: () => target() !== undefined,
      onTaken: () => traffic.tell("called"),
    });
    const relay = await startRelay({ target, onRequest: callbacks.onRequest });
    stops.push(() => relay.close());

    const folder = await mkdtemp(join(tmpdir(), "clickclack-edge-chaos-"));
    stops.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    const temporary = join(folder, "tmp");
    await mkdir(temporary);
    const apiToken = crypto.randomUUID();
    const { room } = places;
    const route = { clickclack: clickclack.url, worker: relay.url, room, owner: room.person(OWNER) };
    const orders = BOTS.map((bot) => ({
      bot,
      events: CALLBACK_BOTS.includes(bot),
      command: commandOf(bot),
    }));
    const secrets = {
      ...Object.fromEntries(BOTS.map((bot) => [tokenName(bot), places.room.bot(bot).token])),
      ...(await callBack(route, orders)),
      OPENCLAW_GATEWAY_TOKEN: gateway.token,
      EDGE_API_TOKEN: apiToken,
    };
    const args = await devArgs(folder, secrets, configText(clickclack.url, gateway.url));
    // What a killed wrangler leaves lying about goes with the folder.
    const killable = new KillableWorker(args, { TMPDIR: temporary }, onOutput);
    worker = killable;
    stops.push(() => killable.kill());
    const edge = new Edge(killable, apiToken);
    const urls = { clickclack: clickclack.url, gateway: gateway.url };
    return { ...urls, places, traffic, callbacks, worker: killable, edge, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** An own file of secrets keeps the user's `.dev.vars` out of the run, and the secrets out of the process list. */
async function devArgs(folder: string, secrets: Record<string, string>, config: string): Promise<string[]> {
  const envFile = join(folder, "chaos.env");
  const lines = Object.entries(secrets).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(envFile, lines.join(""));
  return [
    ...["--ip", "127.0.0.1", "--port", "0", "--inspector-port", "0"],
    ...["--persist-to", join(folder, "state"), "--env-file", envFile],
    ...["--var", `OPENCLAW_CONFIG:${config}`],
  ];
}
