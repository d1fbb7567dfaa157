import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { startClickClack } from "../../sandbox/clickclack/server.ts";
import { startOpenClaw } from "../../sandbox/openclaw/server.ts";
import { makeRoom, roomAt, type Said, waitFor } from "../../sandbox/room.ts";
import { until } from "../support/wait.ts";
import { NpmScript } from "./npm.ts";

/** `GET /readyz`, as far as the tests look. */
export interface Ready {
  ready: boolean;
  reason?: string;
}

/** A `npm run dev` that is up. */
export interface Dev {
  url: string;
  /** Kills it and everything that it started. */
  kill(): Promise<void>;
}

/** Both stand-ins with one room, one person and one bot, and the Worker's state on disk; all gone after the test. */
export async function startScene(slug: string) {
  const clickclack = await startClickClack();
  onTestFinished(() => clickclack.close());
  const gateway = await startOpenClaw({ agents: ["main"] });
  onTestFinished(() => gateway.close());
  const state = await mkdtemp(join(tmpdir(), "clickclack-edge-test-"));
  onTestFinished(() => rm(state, { recursive: true, force: true }));
  const made = await makeRoom(clickclack.url, {
    name: slug,
    slug,
    channels: ["general"],
    humans: [{ name: "Ada", handle: "ada" }],
    bots: [{ name: "Bot", handle: "bot" }],
  });
  const room = roomAt(clickclack.url, made);
  const [ada, bot, general] = [room.person("ada"), room.bot("bot"), room.channelId("general")];
  const answersTo = async (question: string): Promise<Said[]> =>
    (await room.inChannel(ada, general)).filter(
      (said) => said.author_id === bot.id && said.quoted_message_id === question,
    );

  /**
   * Starts the Worker as a person does, with OpenClaw's own document in place of the file and the secrets as plain
   * variables.
   *
   * @param channel more of `channels.clickclack`
   * @param edge the section of that name
   */
  const start = async (
    isUp: (ready: Ready) => boolean,
    { channel = {}, edge = {} }: { channel?: object; edge?: object } = {},
  ): Promise<Dev> => {
    const config = {
      channels: { clickclack: { baseUrl: clickclack.url, workspace: slug, ...channel } },
      gateway: { remote: { url: gateway.url } },
      edge,
    };
    const vars = {
      OPENCLAW_CONFIG: JSON.stringify(config),
      CLICKCLACK_BOT_TOKEN: bot.token,
      OPENCLAW_GATEWAY_TOKEN: gateway.token,
      EDGE_API_TOKEN: "test-api-token",
    };
    const dev = new NpmScript([
      ...["run", "dev", "--", "--ip", "127.0.0.1", "--port", "0", "--inspector-port", "0"],
      ...["--persist-to", state],
      ...Object.entries(vars).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
    ]);
    onTestFinished(() => dev.end("SIGKILL"));
    const [, url = ""] = await dev.until(/Ready on (http:\S+)/);
    await until(async () => isUp((await (await fetch(`${url}/readyz`)).json()) as Ready));
    return {
      url,
      kill: async () => {
        await dev.end("SIGKILL");
        await until(() => !dev.isAlive());
      },
    };
  };

  return {
    say: (text: string) => room.say(ada, general, text),
    answersTo,
    /** Waits for an answer. */
    answered: (question: string) =>
      waitFor(
        () => answersTo(question),
        () => true,
      ),
    start,
  };
}
