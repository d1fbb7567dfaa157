import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { startClickClack } from "../../sandbox/clickclack/server.ts";
import { startOpenClaw } from "../../sandbox/openclaw/server.ts";
import { makeRoom } from "../../sandbox/room.ts";
import { bundleWorker } from "../bundle.ts";
import { startRuntime } from "../runtime.ts";
import { CAST, CHANNELS, type Player, type Seat } from "./cast.ts";
import { watchRequests } from "./watch.ts";

/** What {@link ./play.ts} has to know. Plain data. */
export interface Stage {
  clickclack: string;
  gateway: { url: string; token: string };
  /** The Worker's address, and what bears its status. */
  edge: string;
  apiToken: string;
  seats: Record<Player, Seat>;
}

/** A thread of its own, so that the stand-ins and the Worker's log take nothing from the thread that measures. */
if (parentPort !== null) {
  const port = parentPort;
  const { folder } = workerData as { folder: string };
  const clickclack = await startClickClack();
  const gateway = await startOpenClaw({ agents: ["main"] });
  const seats = {} as Record<Player, Seat>;
  for (const player of CAST) {
    const made = await makeRoom(clickclack.url, {
      name: player,
      slug: player,
      channels: CHANNELS,
      humans: [{ name: "Ada", handle: "ada" }],
      bots: [{ name: "Bot", handle: "bot" }],
    });
    const [person, bot] = [made.humans.ada, made.bots.bot];
    if (person === undefined || bot === undefined) throw new Error("a workspace was made without its people");
    const channels = CHANNELS.map((name) => made.channels[name] ?? "");
    seats[player] = { workspaceId: made.workspace.id, channels, person, bot };
  }
  const apiToken = randomUUID();
  const document = {
    plugins: { entries: { clickclack: { llm: { allowAgentIdOverride: true } } } },
    channels: {
      clickclack: {
        baseUrl: clickclack.url,
        agentId: "main",
        accounts: {
          model: { workspace: "model", replyMode: "model", token: "${MODEL_TOKEN}" },
          agent: { workspace: "agent", replyMode: "agent", token: "${AGENT_TOKEN}" },
        },
      },
    },
    gateway: { remote: { url: gateway.url } },
  };
  const variables = {
    OPENCLAW_CONFIG: JSON.stringify(document),
    MODEL_TOKEN: seats.model.bot.token,
    AGENT_TOKEN: seats.agent.bot.token,
    OPENCLAW_GATEWAY_TOKEN: gateway.token,
    EDGE_API_TOKEN: apiToken,
  };
  const bundle = await bundleWorker(join(folder, "bundle"));
  const runtime = await startRuntime(bundle, variables, join(folder, "state"));
  await runtime.runCron();
  const watch = watchRequests();
  port.on("message", async (order: "end" | "watch" | "tell") => {
    if (order === "watch") return watch.begin();
    if (order === "tell") return port.postMessage(watch.end());
    await runtime.stop();
    await gateway.close();
    await clickclack.close();
    port.close();
  });
  const stage: Stage = {
    clickclack: clickclack.url,
    gateway: { url: gateway.url, token: gateway.token },
    edge: runtime.edge,
    apiToken,
    seats,
  };
  port.postMessage(stage);
}
