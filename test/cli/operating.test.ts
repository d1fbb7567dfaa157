import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startRelay } from "../../sandbox/relay.ts";
import type { Said } from "../../sandbox/room.ts";
import { type Stage, setStage } from "../../sandbox/stage.ts";
import { until } from "../support/wait.ts";
import { edge, type Run, startEdge } from "./tool.ts";

/** wrangler takes some seconds, and longer on a busy machine. */
const STAGE_TIMEOUT_MS = 90_000;

let stage: Stage;
beforeAll(async () => {
  stage = await setStage(() => {}, new AbortController().signal);
}, STAGE_TIMEOUT_MS);
afterAll(() => stage?.stop(), STAGE_TIMEOUT_MS);

function env(): Record<string, string> {
  return { EDGE_URL: stage.worker, EDGE_API_TOKEN: stage.apiToken, EDGE_ADMIN_TOKEN: stage.adminToken };
}

function run(
  args: readonly string[],
  more: { env?: Record<string, string>; input?: string } = {},
): Promise<Run> {
  return edge(args, { ...more, env: { ...env(), ...more.env } });
}

const general = () => stage.room.channelId("general");
const ask = (text: string) => stage.room.say(stage.room.person("ada"), general(), text);
const messageOf = (id: string): Promise<Said> => stage.room.messageOf(stage.room.person("ada"), id);

async function untilState(message: string, state: string): Promise<void> {
  await until(async () => {
    const { stories } = (await run(["why", message, "--account", "scout", "--json"])).json() as {
      stories: { state: string }[];
    };
    return stories[0]?.state === state;
  });
}

describe("message send", () => {
  it("posts as the default account, and says the message's id", async () => {
    const sent = await run([
      "message",
      "send",
      "--target",
      "channel:general",
      "--message",
      "hello from a shell",
    ]);
    expect(sent).toMatchObject({ exit: 0, err: "" });
    const [, id = ""] =
      /^(msg_\w+) sent to channel:general as scout \(snd_scout_\w+\)\n$/.exec(sent.out) ?? [];
    expect(await messageOf(id)).toMatchObject({
      body: "hello from a shell",
      author_id: stage.room.bot("scout").id,
    });
  });

  it("takes all that OpenClaw's command has: account, quote, files and a text from stdin", async () => {
    const folder = await mkdtemp(join(tmpdir(), "clickclack-edge-media-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, "notes.md"), "# Notes\n");
    const quoted = await ask("what about it?");
    const where = ["--channel", "clickclack", "-t", "general", "--account", "sage", "--reply-to", quoted];
    const flags = [...where, "--media", "notes.md", "--message", "-", "--json"];
    const sent = await run(["message", "send", ...flags], {
      input: "All is well.\n",
      env: { INIT_CWD: folder },
    });
    expect(sent).toMatchObject({ exit: 0, err: "" });
    const answer = sent.json() as { messageId: string };
    expect(answer).toMatchObject({ account: "sage", to: "channel:general", state: "sent" });
    expect(await messageOf(answer.messageId)).toMatchObject({
      body: "All is well.",
      author_id: stage.room.bot("sage").id,
      quoted_message_id: quoted,
      attachments: [{ filename: "notes.md", content_type: "text/markdown", byte_size: 8 }],
    });
  });

  it("posts once under a key, and says later what became of a send in the background", async () => {
    const flags = ["-t", "general", "-m", "just once", "--idempotency-key", "once", "--json"];
    const [first, second] = [
      await run(["message", "send", ...flags]),
      await run(["message", "send", ...flags]),
    ];
    expect(second?.json()).toEqual(first?.json());

    const later = await run(["message", "send", "-t", "general", "-m", "later", "--background"]);
    const [, id = ""] = /"message show (snd_\w+)"/.exec(later.out) ?? [];
    await until(async () => (await run(["message", "show", id])).out.startsWith("msg_"));
  });

  it("names what is wrong and how to mend it", async () => {
    const wrong: [args: string[], exit: number, line: RegExp][] = [
      [["-t", "general"], 2, /^--message: give the text, or a file with --media\n$/],
      [["-t", "general", "-m", " "], 2, /^--message: give the text/],
      [["-m", "x", "--media", "none.png"], 2, /^--media none\.png: there is no such file to read; /],
      [["-m", "x", "--channel", "slack"], 2, /^--channel slack: messages go to ClickClack alone/],
      [["-m", "x", "-t", "channel:nowhere"], 1, /^ClickClack channel not found: nowhere\n$/],
      [["-m", "x", "--account", "nobody"], 2, /^there is no account "nobody"\n$/],
      [["-m", "x", "--url", "nonsense"], 2, /^--url: that is a text that is no URL; use an address/],
      [
        ["-m", "x", "--url", stage.clickclack],
        2,
        /^--url: \S+ does not answer as clickclack-edge does \(status 40\d\)/,
      ],
    ];
    for (const [args, exit, line] of wrong) {
      const ended = await run(["message", "send", ...args]);
      expect({ args, exit: ended.exit, out: ended.out }).toEqual({ args, exit, out: "" });
      expect(ended.err).toMatch(line);
    }
    const unset = await run(["message", "send", "-m", "x"], { env: { EDGE_API_TOKEN: "" } });
    expect(unset).toMatchObject({ exit: 2, err: expect.stringMatching(/^EDGE_API_TOKEN is not set: /) });
    const refused = await run(["message", "send", "-m", "x", "--json"], {
      env: { EDGE_API_TOKEN: "guessed" },
    });
    expect(refused.exit).toBe(2);
    expect(refused.json()).toEqual({
      error: expect.stringMatching(/^EDGE_API_TOKEN: \S+ does not take it/),
      code: "unauthorized",
    });
    expect(refused.out + refused.err).not.toContain("guessed");
  });

  it("is posted once when its answer is lost on the way", async () => {
    let asked = 0;
    const relay = await startRelay({
      target: () => stage.worker,
      onRequest: async (_request, forward) => {
        const answer = await forward();
        return ++asked === 1 ? undefined : answer;
      },
    });
    onTestFinished(() => relay.close());
    const sent = await run(["message", "send", "-t", "general", "-m", "lost and found", "--url", relay.url]);
    expect(sent).toMatchObject({ exit: 0, err: expect.stringMatching(/; trying again\n$/) });
    const said = await stage.room.inChannel(stage.room.person("ada"), general());
    expect(said.filter(({ body }) => body === "lost and found")).toHaveLength(1);
    expect(asked).toBe(2);
  });

  it("tries again with the same key when the wire fails, and tells the key in the end", async () => {
    const away = await run(["message", "send", "-m", "x", "--url", "http://127.0.0.1:1"]);
    expect(away).toMatchObject({ exit: 3, out: "" });
    expect(away.err).toMatch(
      /^(--url: no answer from .*; trying again\n){2}--url: no answer .*; to try again and have it posted once, add --idempotency-key [0-9a-f-]{36}\n$/,
    );
  });
});

describe("why", () => {
  it("tells how a message was answered, found by its id or by a link to it", async () => {
    const question = await ask("@scout why so?");
    await untilState(question, "answered");
    const told = await run(["why", question]);
    expect(told).toMatchObject({ exit: 0, err: "" });
    expect(told.out).toMatch(
      new RegExp(
        `^${question} in ${general()}, account scout\n  answered by msg_\\w+, \\d+\\.\\d s after it came\n`,
      ),
    );
    expect(told.out).toContain("asked because    it mentions the bot");

    const linked = await run(["why", await linkTo(question), "--account", "scout"]);
    expect(linked.out.split("\n")[0]).toBe(told.out.split("\n")[0]);
    const old = `${stage.clickclack}/app/${stage.room.workspaceId}/${question}`;
    expect((await run(["why", old, "--account", "scout"])).exit).toBe(0);
  });

  it("names the setting that kept a message from being answered, and the mend", async () => {
    const question = await ask("to nobody in particular");
    await untilState(question, "dropped");
    const told = await run(["why", question, "--account", "scout"]);
    expect(told.out).toContain("  not answered: it does not mention the bot\n");
    expect(told.out).toContain("  → mention the bot, or set requireMention to false");
    expect(told.out).toContain("decided by       channels.clickclack.requireMention\n");
    const json = (await run(["why", question, "--account", "scout", "--json"])).json();
    expect(json).toMatchObject({
      stories: [{ account: "scout", reason: "not_mentioned", mend: expect.any(String) }],
    });
  });

  it("says what it can mean that no account knows a message", async () => {
    const unknown = await run(["why", "msg_01m87v6kvj5wc3std1c9j8fn2w"]);
    expect(unknown).toMatchObject({ exit: 1, err: "" });
    expect(unknown.out).toMatch(/^No account was told of msg_\w+\. That can mean:\n( {2}- .+\n){3,}$/);
    const old = await run(["why", "msg_01aaaaaaaaaaaaaaaaaaaaaaaa"]);
    expect(old.out).toMatch(/forgotten after 7 d\n$/);
    const link = await run(["why", "https://x.example/app/T01KR3EXAMP7E1234/M01KR3EXAMP7E1234", "--json"]);
    expect(link).toMatchObject({ exit: 1 });
    expect(link.json()).toMatchObject({
      stories: [],
      meanings: expect.arrayContaining([expect.stringContaining("link")]),
    });
    expect(await run(["why", "hello"])).toMatchObject({
      exit: 2,
      err: expect.stringMatching(/^hello is no message; /),
    });
  });
});

describe("status and dead", () => {
  it("shows the accounts, what is not well, and has what was given up tried again", async () => {
    const well = await run(["status"]);
    expect(well).toMatchObject({ exit: 0, err: "" });
    expect(well.out).toMatch(
      /^ACCOUNT .*\nsage +@sage in Harbour +sweeping .* reachable\nscout +@scout in Harbour +linked .* reachable\n$/,
    );

    const [first, second] = [await giveUp("one"), await giveUp("two")];
    const ill = await run(["status", "scout"]);
    expect(ill.exit).toBe(1);
    expect(ill.out).toContain('\nscout\n  ✗ given up: 2 (request_refused 2); see "dead list scout"\n');
    expect((await run(["status", "--json"])).json()).toMatchObject({ well: false });

    const list = await run(["dead", "list", "scout"]);
    expect(list).toMatchObject({ exit: 0, err: "" });
    expect(list.out).toContain(`${first} in ${general()}`);
    expect(list.out).toContain("  the gateway does not take the question (request_refused, 1 try)\n");

    expect((await run(["dead", "retry", "scout", await linkTo(first)])).out).toContain("is tried again\n");
    await untilState(first, "answered");
    expect(await run(["dead", "discard", "scout", "--all"])).toMatchObject({
      exit: 0,
      out: `${second} is let go\n`,
    });
    expect(await run(["dead", "list", "scout", "--json"])).toMatchObject({ exit: 0, out: "[]\n" });
    expect((await run(["status"])).exit).toBe(0);
  });

  it("acts on nothing by mistake, and on an operator's word only", async () => {
    const wrong: [args: string[], exit: number, line: RegExp][] = [
      [["retry", "scout"], 2, /^give the message, or --all/],
      [["discard", "scout", "hello"], 2, /^hello is no message; /],
      [["retry", "scout", "msg_01m8"], 1, /has not been told of msg_01m8\n$/],
      [["list", "nobody"], 2, /^there is no account "nobody"\n$/],
    ];
    for (const [args, exit, line] of wrong) {
      const ended = await run(["dead", ...args]);
      expect(ended).toMatchObject({ exit, out: "", err: expect.stringMatching(line) });
    }
    const api = { EDGE_ADMIN_TOKEN: stage.apiToken };
    const refused = await run(["dead", "retry", "scout", "msg_01m8"], { env: api });
    expect(refused).toMatchObject({
      exit: 2,
      err: expect.stringMatching(/^EDGE_ADMIN_TOKEN: \S+ does not take it/),
    });
  });
});

it("tail shows what all accounts log, as it happens", async () => {
  const tail = startEdge(["tail", "--event", "turn:answered"], { env: env() });
  const question = await ask("@scout say something for the log");
  await until(() => tail.out.includes(question));
  expect(tail.out).toMatch(
    new RegExp(`^\\d\\d:\\d\\d:\\d\\d scout turn:answered message=${question} reply=msg_\\w+$`, "m"),
  );
  tail.end();
  expect(await tail.exit).toBe(0);
});

/** A question that the gateway refuses once, for good. */
async function giveUp(text: string): Promise<string> {
  const order = { match: { agent: "scout", text }, reply: { error: "provider_400" }, times: 1 };
  await fetch(`${stage.gateway}/sandbox/replies`, { method: "POST", body: JSON.stringify(order) });
  const question = await ask(`@scout ${text}`);
  await untilState(question, "dead");
  return question;
}

/** What "Copy link" gives. */
async function linkTo(message: string): Promise<string> {
  const headers = { authorization: `Bearer ${stage.room.person("ada").token}` };
  const read = async (path: string) => (await fetch(stage.clickclack + path, { headers })).json();
  const { root } = (await read(`/api/messages/${message}/thread`)) as { root: { route_id: string } };
  const { workspaces } = (await read("/api/workspaces")) as { workspaces: { route_id: string }[] };
  return `${stage.clickclack}/app/${workspaces[0]?.route_id}/${root.route_id}`;
}
