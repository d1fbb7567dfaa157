import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startClickClack } from "../sandbox/clickclack/server.ts";
import { startOpenClaw } from "../sandbox/openclaw/server.ts";
import { makeRoom, roomAt, waitFor } from "../sandbox/room.ts";
import { bundleWorker } from "./bundle.ts";
import { medianOf } from "./figures.ts";
import type { Order, Report } from "./report.ts";
import { startRuntime } from "./runtime.ts";
import { until } from "./until.ts";

const QUESTIONS = { full: 100, quick: 3 };
const ROUNDS = { full: 5, quick: 1 };

/**
 * How long it takes from the start of workerd until the account is ready, on the state that an earlier life has left. The
 * bundle is made before; that an isolate starts and the code is compiled is in it, and so is Miniflare's own start.
 */
export async function start({ quick, note }: Order): Promise<Report> {
  const clickclack = await startClickClack();
  const gateway = await startOpenClaw({ agents: ["main"] });
  const folder = await mkdtemp(join(tmpdir(), "clickclack-edge-bench-"));
  try {
    const made = await makeRoom(clickclack.url, {
      name: "Start",
      slug: "start",
      channels: ["general"],
      humans: [{ name: "Ada", handle: "ada" }],
      bots: [{ name: "Bot", handle: "bot" }],
    });
    const room = roomAt(clickclack.url, made);
    const document = {
      channels: { clickclack: { baseUrl: clickclack.url, workspace: "start" } },
      gateway: { remote: { url: gateway.url } },
    };
    const variables = {
      OPENCLAW_CONFIG: JSON.stringify(document),
      CLICKCLACK_BOT_TOKEN: room.bot("bot").token,
      OPENCLAW_GATEWAY_TOKEN: gateway.token,
      EDGE_API_TOKEN: randomUUID(),
    };
    const bundle = await bundleWorker(join(folder, "bundle"));
    const state = join(folder, "state");
    const up = async () => {
      const runtime = await startRuntime(bundle, variables, state);
      await runtime.runCron();
      await until(async () => (await fetch(`${runtime.edge}/readyz`)).ok);
      return runtime;
    };
    const first = await up();
    const [ada, general] = [room.person("ada"), room.channelId("general")];
    for (let asked = 0; asked < (quick ? QUESTIONS.quick : QUESTIONS.full); asked++) {
      const question = await room.say(ada, general, `question ${asked}`);
      await waitFor(
        () => room.inChannel(ada, general),
        ({ quoted_message_id: quoted }) => quoted === question,
      );
    }
    await first.stop();
    const took: number[] = [];
    for (let round = 0; round < (quick ? ROUNDS.quick : ROUNDS.full); round++) {
      note(`start, round ${round + 1}`);
      const from = performance.now();
      const runtime = await up();
      took.push(performance.now() - from);
      await runtime.stop();
    }
    return {
      title: "from the start of workerd until ready, on existing state",
      lines: [{ name: "start to ready", unit: "ms", edge: medianOf(took), goal: { atMost: 1_000 } }],
    };
  } finally {
    await gateway.close();
    await clickclack.close();
    await rm(folder, { recursive: true, force: true });
  }
}
