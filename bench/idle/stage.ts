import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { startClickClack } from "../../sandbox/clickclack/server.ts";
import { startOpenClaw } from "../../sandbox/openclaw/server.ts";
import { makeRoom } from "../../sandbox/room.ts";
import { watchRequests } from "../answers/watch.ts";
import { bundleWorker } from "../bundle.ts";
import { startRuntime } from "../runtime.ts";

/** What {@link ./play.ts} has to know. Plain data. */
export interface Stage {
  edge: string;
  accounts: number;
}

/** Many accounts of one workspace that nobody talks to. */
if (parentPort !== null) {
  const port = parentPort;
  const { folder, quick } = workerData as { folder: string; quick: boolean };
  const count = quick ? 20 : 1_000;
  const clickclack = await startClickClack();
  const gateway = await startOpenClaw({ agents: ["main"] });
  const handles = Array.from({ length: count }, (_, index) => `bot${index}`);
  const made = await makeRoom(clickclack.url, {
    name: "Idle",
    slug: "idle",
    channels: ["general"],
    humans: [{ name: "Ada", handle: "ada" }],
    bots: handles.map((handle) => ({ name: handle, handle })),
  });
  const accounts = handles.map((handle) => [handle, { token: `\${${handle.toUpperCase()}}` }]);
  const document = {
    channels: {
      clickclack: {
        baseUrl: clickclack.url,
        workspace: "idle",
        commandMenu: false,
        accounts: Object.fromEntries(accounts),
      },
    },
    gateway: { remote: { url: gateway.url } },
  };
  const variables = {
    OPENCLAW_CONFIG: JSON.stringify(document),
    OPENCLAW_GATEWAY_TOKEN: gateway.token,
    EDGE_API_TOKEN: randomUUID(),
    ...Object.fromEntries(handles.map((handle) => [handle.toUpperCase(), made.bots[handle]?.token ?? ""])),
  };
  const bundle = await bundleWorker(join(folder, "bundle"));
  const runtime = await startRuntime(bundle, variables, join(folder, "state"));
  await runtime.runCron();
  const watch = watchRequests();
  port.on("message", async (order: "end" | "watch" | "tell") => {
    if (order === "watch") return watch.begin();
    if (order === "tell") return port.postMessage(watch.end().length);
    await runtime.stop();
    await gateway.close();
    await clickclack.close();
    port.close();
  });
  port.postMessage({ edge: runtime.edge, accounts: count } satisfies Stage);
}
