import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { startClickClack } from "../../sandbox/clickclack/server.ts";
import { startOpenClaw } from "../../sandbox/openclaw/server.ts";
import { makeRoom } from "../../sandbox/room.ts";
import { bundleWorker } from "../bundle.ts";
import { startRuntime } from "../runtime.ts";

/** What {@link ./play.ts} has to know. Plain data. */
export interface Stage {
  edge: string;
  bare: string;
  /** Bears status. */
  apiToken: string;
  /** What events are signed with. */
  secret: string;
  workspaceId: string;
  /** Somebody who says things. */
  personId: string;
}

/** A thread of its own, so that the stand-ins and the Worker's log take nothing from the thread that measures. */
if (parentPort !== null) {
  const port = parentPort;
  const { folder } = workerData as { folder: string };
  const clickclack = await startClickClack();
  const gateway = await startOpenClaw({ agents: ["main"] });
  const made = await makeRoom(clickclack.url, {
    name: "Bench",
    slug: "bench",
    channels: ["general"],
    humans: [{ name: "Ada", handle: "ada" }],
    bots: [{ name: "Bot", handle: "bot" }],
  });
  const [person, bot] = [made.humans.ada, made.bots.bot];
  if (person === undefined || bot === undefined) throw new Error("the workspace was made without its people");
  const apiToken = crypto.randomUUID();
  const secret = `ccs_${randomBytes(13).toString("hex")}`;
  const document = {
    channels: { clickclack: { baseUrl: clickclack.url, workspace: "bench" } },
    gateway: { remote: { url: gateway.url } },
    edge: { accounts: { default: { inbound: "callbacks" } } },
  };
  const variables = {
    OPENCLAW_CONFIG: JSON.stringify(document),
    CLICKCLACK_BOT_TOKEN: bot.token,
    CLICKCLACK_EVENTS_SECRET: secret,
    OPENCLAW_GATEWAY_TOKEN: gateway.token,
    EDGE_API_TOKEN: apiToken,
  };
  const runtime = await startRuntime(
    await bundleWorker(join(folder, "bundle")),
    variables,
    join(folder, "state"),
  );
  await runtime.runCron();
  port.once("message", async () => {
    await runtime.stop();
    await gateway.close();
    await clickclack.close();
    port.close();
  });
  const { edge, bare } = runtime;
  const workspaceId = made.workspace.id;
  port.postMessage({ edge, bare, apiToken, secret, workspaceId, personId: person.id } satisfies Stage);
}
