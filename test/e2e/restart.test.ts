import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startClickClack } from "../../sandbox/clickclack/server.ts";
import { startOpenClaw } from "../../sandbox/openclaw/server.ts";
import { makeRoom, roomAt, type Said, waitFor } from "../../sandbox/room.ts";
import { until } from "../support/wait.ts";
import { NpmScript } from "./npm.ts";

it("answers what was said while the Worker was killed, once, and nothing from before its first start", async () => {
  const clickclack = await startClickClack();
  onTestFinished(() => clickclack.close());
  const gateway = await startOpenClaw({ agents: ["main"] });
  onTestFinished(() => gateway.close());
  const state = await mkdtemp(join(tmpdir(), "clickclack-edge-test-"));
  onTestFinished(() => rm(state, { recursive: true, force: true }));

  const made = await makeRoom(clickclack.url, {
    name: "Kill",
    slug: "kill",
    channels: ["general"],
    humans: [{ name: "Ada", handle: "ada" }],
    bots: [{ name: "Bot", handle: "bot" }],
  });
  const room = roomAt(clickclack.url, made);
  const [ada, bot, general] = [room.person("ada"), room.bot("bot"), room.channelId("general")];
  const answers = async (question: string): Promise<Said[]> =>
    (await room.inChannel(ada, general)).filter(
      (said) => said.author_id === bot.id && said.quoted_message_id === question,
    );
  const answered = (question: string) =>
    waitFor(
      () => answers(question),
      () => true,
    );

  // OpenClaw's own document, in place of the file; the secrets as plain variables.
  const config = {
    channels: { clickclack: { baseUrl: clickclack.url, workspace: "kill" } },
    gateway: { remote: { url: gateway.url } },
  };
  const vars = {
    OPENCLAW_CONFIG: JSON.stringify(config),
    CLICKCLACK_BOT_TOKEN: bot.token,
    OPENCLAW_GATEWAY_TOKEN: gateway.token,
  };
  const start = async (): Promise<NpmScript> => {
    const dev = new NpmScript([
      ...[
        "run",
        "dev",
        "--",
        "--ip",
        "127.0.0.1",
        "--port",
        "0",
        "--inspector-port",
        "0",
        "--persist-to",
        state,
      ],
      ...Object.entries(vars).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
    ]);
    onTestFinished(() => dev.end("SIGKILL"));
    const [, url = ""] = await dev.until(/Ready on (http:\S+)/);
    await until(async () => (await fetch(`${url}/readyz`)).ok);
    return dev;
  };

  const early = await room.say(ada, general, "said before the first start");
  const first = await start();
  const live = await room.say(ada, general, "said while it runs");
  await answered(live);

  await first.end("SIGKILL");
  await until(() => !first.isAlive());
  const missed = await room.say(ada, general, "said while it is dead");
  await start();
  await answered(missed);
  const after = await room.say(ada, general, "said after the restart");
  await answered(after);

  expect((await answers(early)).length).toBe(0);
  for (const question of [live, missed, after]) expect(await answers(question)).toHaveLength(1);
});
