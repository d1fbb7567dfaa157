import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDevWorker } from "../scripts/wrangler-dev.ts";
import { callBack } from "./call-back.ts";
import { startClickClack } from "./clickclack/server.ts";
import { startOpenClaw } from "./openclaw/server.ts";
import { startRelay } from "./relay.ts";
import { makeRoom, type Room, type RoomOrder, roomAt } from "./room.ts";

/** Everything that runs in the sandbox. */
export interface Stage {
  clickclack: string;
  gateway: string;
  gatewayToken: string;
  worker: string;
  /** Bears sends and status. */
  apiToken: string;
  /** Opens the status page, and acts on messages that were given up. */
  adminToken: string;
  room: Room;
  /** Ends all that was started and removes what was stored. */
  stop(): Promise<void>;
}

const AGENTS = ["scout", "sage"];

/** Long enough for people to see the bots typing. */
const THINKING_MS = 700;

const HARBOUR: RoomOrder = {
  name: "Harbour",
  slug: "harbour",
  channels: ["general", "library"],
  humans: [
    { name: "Ada", handle: "ada", role: "owner" },
    { name: "Ben", handle: "ben" },
  ],
  bots: [
    { name: "Scout", handle: "scout" },
    { name: "Sage", handle: "sage" },
  ],
};

/**
 * Starts a stand-in ClickClack with a workspace, two people and two bots, a stand-in OpenClaw gateway with an agent for
 * each bot, and the Worker between them in workerd. The system chooses every port; nothing outlives {@link Stage.stop}.
 *
 * @param onOutput told of what wrangler and the Worker print
 * @param signal ends the Worker, whether it is up or still on its way; then {@link Stage.stop} ends the rest
 */
export async function setStage(onOutput: (text: string) => void, signal: AbortSignal): Promise<Stage> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const clickclack = await startClickClack();
    stops.push(() => clickclack.close());
    const gateway = await startOpenClaw({ agents: AGENTS, thinkingMs: THINKING_MS });
    stops.push(() => gateway.close());
    const room = roomAt(clickclack.url, await makeRoom(clickclack.url, HARBOUR));
    const folder = await mkdtemp(join(tmpdir(), "clickclack-edge-"));
    stops.push(() => rm(folder, { recursive: true, force: true }));

    // ClickClack is told where to call before the Worker is there, whose port the system chooses.
    let workerUrl: string | undefined;
    const relay = await startRelay({ target: () => workerUrl });
    stops.push(() => relay.close());
    const route = { clickclack: clickclack.url, worker: relay.url, room, owner: room.person("ada") };
    // Sage has no connection: it is told of what is said, and of who gives `/ask`.
    const signing = await callBack(route, [{ bot: "sage", events: true, command: "/ask" }]);

    const apiToken = crypto.randomUUID();
    const adminToken = crypto.randomUUID();
    const secrets = {
      SANDBOX_CLICKCLACK_URL: clickclack.url,
      SANDBOX_SCOUT_TOKEN: room.bot("scout").token,
      SANDBOX_SAGE_TOKEN: room.bot("sage").token,
      SANDBOX_SCOUT_ID: room.bot("scout").id,
      SANDBOX_SAGE_ID: room.bot("sage").id,
      SANDBOX_GATEWAY_URL: gateway.url,
      SANDBOX_GATEWAY_TOKEN: gateway.token,
      EDGE_API_TOKEN: apiToken,
      EDGE_ADMIN_TOKEN: adminToken,
      ...signing,
    };
    const ending = new AbortController();
    const worker = await startDevWorker({
      args: await devArgs(folder, secrets),
      onOutput,
      signal: AbortSignal.any([signal, ending.signal]),
    });
    workerUrl = worker.url;
    stops.push(async () => {
      ending.abort();
      await worker.exited;
    });
    const urls = {
      clickclack: clickclack.url,
      gateway: gateway.url,
      gatewayToken: gateway.token,
      worker: worker.url,
    };
    return { ...urls, apiToken, adminToken, room, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** An own file of secrets keeps the user's `.dev.vars` out of the sandbox, and the secrets out of the process list. */
async function devArgs(folder: string, secrets: Record<string, string>): Promise<string[]> {
  const envFile = join(folder, "sandbox.env");
  await writeFile(
    envFile,
    Object.entries(secrets)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
  const config = await readFile(new URL("openclaw.json5", import.meta.url), "utf8");
  return [
    ...["--ip", "127.0.0.1", "--port", "0", "--inspector-port", "0"],
    ...["--persist-to", join(folder, "state"), "--env-file", envFile],
    ...["--var", `OPENCLAW_CONFIG:${config}`],
  ];
}
