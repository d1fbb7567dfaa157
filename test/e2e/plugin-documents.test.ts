import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startClickClack } from "../../sandbox/clickclack/server.ts";
import { startOpenClaw } from "../../sandbox/openclaw/server.ts";
import { makeRoom, type Room, type RoomData, type RoomOrder, roomAt, waitFor } from "../../sandbox/room.ts";
import { startDevWorker } from "../../scripts/wrangler-dev.ts";
import { until } from "../support/wait.ts";

/*
 * Documents as they run with OpenClaw's own plugin. Beside the address of ClickClack and the ids that it gave, nothing of
 * them is changed; what else a Worker needs stands in its secrets.
 */

/** How one of them is brought up. */
interface Move {
  document: "one-bot" | "team" | "gateway";
  agents: string[];
  room: Omit<RoomOrder, "name" | "humans">;
  /** What another server has given other ids for. */
  ids?(made: RoomData): Record<string, string>;
  secrets(made: RoomData): Record<string, string>;
}

interface Moved {
  room: Room;
  /** Says something in a channel, as Ada. @returns the message's id */
  say(channel: string, body: string): Promise<string>;
  /** Waits for the answer to a message of a channel. */
  answerIn(channel: string, question: string): Promise<{ author_id: string; body: string }>;
  /** What became of a message, once that is settled. */
  fate(account: string, message: string): Promise<unknown>;
}

async function move({ document, agents, room: order, ids, secrets }: Move): Promise<Moved> {
  const clickclack = await startClickClack();
  onTestFinished(() => clickclack.close());
  const gateway = await startOpenClaw({ agents });
  onTestFinished(() => gateway.close());
  const folder = await mkdtemp(join(tmpdir(), "clickclack-edge-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const made = await makeRoom(clickclack.url, {
    name: "Moved",
    humans: [{ name: "Ada", handle: "ada" }],
    ...order,
  });

  const file = new URL(`../fixtures/config/plugin/${document}.json5`, import.meta.url);
  let text = (await readFile(file, "utf8")).replace(/https:\/\/chat\.example\.com[^"]*/g, clickclack.url);
  for (const [theirs, ours] of Object.entries(ids?.(made) ?? {})) text = text.replaceAll(theirs, ours);
  const variables = {
    OPENCLAW_GATEWAY_URL: gateway.url,
    OPENCLAW_GATEWAY_TOKEN: gateway.token,
    EDGE_API_TOKEN: "status",
    ...secrets(made),
  };
  const envFile = join(folder, "test.env");
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(envFile, lines.join(""));

  const ending = new AbortController();
  const { url, exited } = await startDevWorker({
    args: [
      ...["--ip", "127.0.0.1", "--port", "0", "--inspector-port", "0"],
      ...["--persist-to", join(folder, "state"), "--env-file", envFile, "--var", `OPENCLAW_CONFIG:${text}`],
    ],
    onOutput: () => {},
    signal: ending.signal,
  });
  onTestFinished(async () => {
    ending.abort();
    await exited;
  });
  await until(async () => (await fetch(`${url}/readyz`)).ok);

  const room = roomAt(clickclack.url, made);
  const ada = room.person("ada");
  return {
    room,
    say: (channel, body) => room.say(ada, room.channelId(channel), body),
    answerIn: (channel, question) =>
      waitFor(
        () => room.inChannel(ada, room.channelId(channel)),
        ({ quoted_message_id }) => quoted_message_id === question,
      ),
    fate: async (account, message) => {
      const settled = ["answered", "silent", "dropped", "cancelled", "dead"];
      let story: { state?: string } = {};
      await until(async () => {
        const headers = { authorization: "Bearer status" };
        const answer = await fetch(`${url}/v1/accounts/${account}/messages/${message}`, { headers });
        story = (await answer.json()) as typeof story;
        return settled.includes(story.state ?? "");
      });
      return story;
    },
  };
}

it("one bot that waits to be called, and answers everything in its own channel", async () => {
  const { say, answerIn, fate } = await move({
    document: "one-bot",
    agents: ["rosie", "other"],
    room: {
      slug: "one",
      channels: ["general", "help-desk", "on-call"],
      bots: [{ name: "Rosie", handle: "rosebud" }],
    },
    ids: ({ workspace, channels }) => ({
      wsp_01J9ZX4Q0V8M3T7B2K5N6P8R1S: workspace.id,
      chn_01J9ZX7A1B2C3D4E5F6G7H8J9K: channels["help-desk"] ?? "",
      chn_01J9ZX8M2N3P4Q5R6S7T8V9W0X: channels["on-call"] ?? "",
    }),
    secrets: ({ bots }) => ({ CLICKCLACK_BOT_TOKEN: bots.rosebud?.token ?? "" }),
  });
  for (const [channel, body] of [
    ["general", "Is rosie there?"],
    ["general", "The deskbot, please"],
    ["help-desk", "My lamp is broken"],
    ["on-call", "oncall: the lamp again"],
  ] as const)
    expect((await answerIn(channel, await say(channel, body))).body, body).toContain("rosie");

  expect(await fate("default", await say("general", "help: nobody in particular"))).toMatchObject({
    state: "dropped",
    reason: "not_mentioned",
  });
  // The channel's own patterns stand in place of those for all channels.
  expect(await fate("default", await say("on-call", "rosie, my lamp"))).toMatchObject({ state: "dropped" });
});

it("a team of three bots, two of them with single completions", async () => {
  const { room, say, answerIn } = await move({
    document: "team",
    agents: ["planner", "writer", "critic"],
    room: {
      slug: "acme",
      channels: ["studio"],
      bots: ["planner", "writer", "critic"].map((handle) => ({ name: handle, handle })),
    },
    ids: ({ channels, bots }) => ({
      chn_studio: channels.studio ?? "",
      usr_planner: bots.planner?.id ?? "",
      usr_writer: bots.writer?.id ?? "",
      usr_critic: bots.critic?.id ?? "",
    }),
    secrets: ({ bots }) => ({
      CLICKCLACK_PLANNER_BOT_TOKEN: bots.planner?.token ?? "",
      CLICKCLACK_WRITER_BOT_TOKEN: bots.writer?.token ?? "",
      CLICKCLACK_CRITIC_BOT_TOKEN: bots.critic?.token ?? "",
    }),
  });
  for (const [handle, answer] of [
    ["planner", /planner/],
    ["writer", /^\[gpt-5\.4-mini\] .*writer/],
    ["critic", /^anthropic\/claude-opus-4-6: .*critic/],
  ] as const)
    expect(await answerIn("studio", await say("studio", `@${handle} your turn`))).toMatchObject({
      author_id: room.bot(handle).id,
      body: expect.stringMatching(answer),
    });
});

it("a whole gateway, its agents by bindings and roster", async () => {
  const { room, say, answerIn, fate } = await move({
    document: "gateway",
    agents: ["molty", "ops"],
    room: {
      slug: "acme",
      channels: ["general"],
      bots: [
        { name: "Molty", handle: "claw" },
        { name: "Alerts", handle: "bell" },
      ],
    },
    ids: ({ humans }) => ({ usr_ada: humans.ada?.id ?? "" }),
    secrets: ({ bots }) => ({
      CLICKCLACK_BOT_TOKEN: bots.claw?.token ?? "",
      CLICKCLACK_ALERTS_BOT_TOKEN: bots.bell?.token ?? "",
      VLLM_API_KEY: "vllm",
      TELEGRAM_BOT_TOKEN: "123:telegram",
    }),
  });
  const called = await answerIn("general", await say("general", "molty, are you there?"));
  expect(called).toMatchObject({
    author_id: room.bot("claw").id,
    body: expect.stringMatching(/^\[🦞 Molty\] .*molty/),
  });
  const alarm = await answerIn("general", await say("general", "alarm in the harbour"));
  expect(alarm).toMatchObject({
    author_id: room.bot("bell").id,
    body: expect.stringMatching(/^(?!\[).*ops/),
  });
  expect(await fate("default", await say("general", "nobody in particular"))).toMatchObject({
    state: "dropped",
    setting: expect.stringContaining("groups"),
  });
});
