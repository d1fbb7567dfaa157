import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Reported } from "../../cli/doctor/report.ts";
import { type Stage, setStage } from "../../sandbox/stage.ts";
import { edge } from "./tool.ts";

/** wrangler takes some seconds, and longer on a busy machine. */
const STAGE_TIMEOUT_MS = 90_000;
/** A run talks on every road, and each answer takes a moment. */
const RUN_TIMEOUT_MS = 90_000;

let stage: Stage;
let document: string;
beforeAll(async () => {
  document = await readFile(new URL("../../sandbox/openclaw.json5", import.meta.url), "utf8");
  stage = await setStage(() => {}, new AbortController().signal);
}, STAGE_TIMEOUT_MS);
afterAll(() => stage?.stop(), STAGE_TIMEOUT_MS);

/** The sandbox's own document and variables, as somebody has them who runs it. */
async function doctor(args: readonly string[], more: Record<string, string> = {}) {
  const { room } = stage;
  const run = await edge(["doctor", "--json", ...args], {
    env: {
      OPENCLAW_CONFIG: document,
      EDGE_URL: stage.worker,
      EDGE_API_TOKEN: stage.apiToken,
      EDGE_ADMIN_TOKEN: stage.adminToken,
      SANDBOX_CLICKCLACK_URL: stage.clickclack,
      SANDBOX_GATEWAY_URL: stage.gateway,
      SANDBOX_GATEWAY_TOKEN: stage.gatewayToken,
      SANDBOX_SCOUT_TOKEN: room.bot("scout").token,
      SANDBOX_SAGE_TOKEN: room.bot("sage").token,
      SANDBOX_SCOUT_ID: room.bot("scout").id,
      SANDBOX_SAGE_ID: room.bot("sage").id,
      ...more,
    },
  });
  const all = run.exit === 2 ? [] : (run.json() as Reported[]);
  return { ...run, of: (id: string) => all.filter((one) => one.id === id) };
}

const as = (handle: string) => ({ CLICKCLACK_SESSION: stage.room.person(handle).token });
const trip = (args: readonly string[], variables = as("ada")) =>
  doctor(["--round-trip", "--account", "scout", ...args], variables);

/** Scripts what the agent scout does when it is asked. */
async function script(reply: object): Promise<void> {
  const answer = await fetch(`${stage.gateway}/sandbox/replies`, {
    method: "POST",
    body: JSON.stringify({ match: { agent: "scout", text: "A test of the connection" }, times: 1, reply }),
  });
  expect(answer.ok).toBe(true);
}

describe("a round trip", () => {
  it(
    "goes over every road of every account, says what it posts, and how long each took",
    async () => {
      const { room } = stage;
      const { exit, err, of } = await doctor(["--round-trip"], as("ada"));
      expect(exit, JSON.stringify(of("round-trip"))).toBe(0);
      expect(of("round-trip").map(({ account, state }) => [account, state])).toEqual([
        ["sage", "pass"],
        ["scout", "pass"],
      ]);
      expect(of("round-trip")[1]?.found).toMatch(/^answered in [\d.]+ m?s, by msg_\w+ in #general$/);
      expect(of("round-trip-roads")).toMatchObject([
        {
          account: "sage",
          state: "pass",
          found: expect.stringMatching(/^callback has brought it, within [\d.]+ m?s$/),
        },
        { account: "scout", state: "pass", found: expect.stringMatching(/^realtime has brought it/) },
      ]);
      expect(of("round-trip-command")).toMatchObject([
        { account: "sage", state: "pass", found: expect.stringMatching(/^\/ask was answered in/) },
        { account: "scout", state: "skip" },
      ]);
      expect(of("round-trip-send").map(({ state }) => state)).toEqual(["pass", "pass"]);
      expect(err).toMatch(
        /scout: posted as Ada in #general: "@scout A test of the connection \(edge doctor \w+\)/,
      );
      expect(err).toMatch(/sage: gave \/ask as Ada in #library/);
      // What stands there is what was said to be posted, and it stays.
      const ids = [...err.matchAll(/\((msg_\w+)\)$/gm)].map(([, id = ""]) => id);
      expect(ids).toHaveLength(4);
      for (const id of ids)
        expect((await room.messageOf(room.person("ada"), id)).body).toContain("edge doctor");
    },
    RUN_TIMEOUT_MS,
  );

  it(
    "leaves nothing behind when it is told to clean up",
    async () => {
      const { room } = stage;
      const list = async () =>
        (await room.inChannel(room.person("ben"), room.channelId("library")))
          .filter(({ body }) => body !== "")
          .map(({ id }) => id);
      const before = await list();
      const { exit, err } = await trip(["--target", "channel:library", "--clean"], as("ben"));
      expect(exit).toBe(0);
      expect(err.match(/^deleted msg_/gm)).toHaveLength(3);
      expect(await list()).toEqual(before);
    },
    RUN_TIMEOUT_MS,
  );

  it(
    "goes to direct messages and threads as well",
    async () => {
      const { room } = stage;
      const root = await room.say(room.person("ada"), room.channelId("general"), "a root for a round trip");
      for (const [target, place] of [
        ["dm:@scout", "direct messages with the bot"],
        [`thread:${root}`, `thread ${root}`],
      ] as const) {
        const { exit, of } = await trip(["--target", target]);
        expect(of("round-trip"), target).toMatchObject([
          { state: "pass", found: expect.stringContaining(place) },
        ]);
        expect(of("round-trip-send")).toMatchObject([{ state: "pass" }]);
        expect(exit).toBe(0);
      }
    },
    RUN_TIMEOUT_MS,
  );

  it.each([
    [
      "provider_401",
      "dead: the model provider refuses (provider_refused)",
      "the model provider's key and quota",
    ],
    ["silent", "silent: the agent", "npm run edge -- why msg_"],
  ])(
    "that ends without an answer (%s) says why, and what to do",
    async (error, found, mend) => {
      await script({ error });
      const { exit, of } = await trip([]);
      expect(exit).toBe(1);
      expect(of("round-trip")).toMatchObject([
        { state: "fail", found: expect.stringContaining(found), mend: expect.stringContaining(mend) },
      ]);
      expect(of("round-trip-send")).toMatchObject([{ state: "skip" }]);
    },
    RUN_TIMEOUT_MS,
  );

  it(
    "that waits for a gateway out of reach says so when it has waited long enough",
    async () => {
      await script({ error: "gateway_unauthorized" });
      const { of } = await trip(["--wait", "0.5"]);
      expect(of("round-trip")).toMatchObject([
        {
          state: "fail",
          found: expect.stringContaining("the gateway refuses its token"),
          mend: expect.stringContaining("OPENCLAW_GATEWAY_TOKEN"),
        },
      ]);
    },
    RUN_TIMEOUT_MS,
  );

  it("is refused to a bot, which never answers itself", async () => {
    const { of, err } = await trip([], { CLICKCLACK_SESSION: stage.room.bot("scout").token });
    expect(of("round-trip")).toMatchObject([
      {
        state: "fail",
        found: expect.stringContaining("a bot does not answer itself"),
        mend: expect.stringContaining("a person"),
      },
    ]);
    expect(err).toBe("");
  });

  it("does not post where there is no such channel", async () => {
    const { of, err } = await trip(["--target", "channel:nowhere"]);
    expect(of("round-trip")).toMatchObject([
      { state: "fail", found: "--target channel:nowhere: there is no such channel" },
    ]);
    expect(err).toBe("");
  });
});
