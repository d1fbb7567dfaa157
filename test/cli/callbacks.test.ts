import { expect, test } from "vitest";
import { answering } from "../contract/receiver.ts";
import { give, isSignedWith, openHarbour, say, valuesFor } from "./callbacks-run.ts";
import type { Run } from "./tool.ts";

const EVENTS = "CLICKCLACK_SAGE_EVENTS_SECRET";
const COMMANDS = "CLICKCLACK_SAGE_COMMANDS_SECRET";
/** Two dozen processes at once, on two cores that others may use as well. */
const MANY_RUNS_TIMEOUT_MS = 90_000;

test("sets up what ClickClack then calls and signs, and shows neither the session nor stores anything", async () => {
  const harbour = await openHarbour();
  const { worker, room, clickclack } = harbour;
  const session = room.person("ada").token;
  const run = await harbour.run(["--session", session], { env: { CLICKCLACK_SESSION: "" } });
  expect(run).toMatchObject({ exit: 0 });

  await say(harbour);
  await give(harbour, "/ask");
  const [event, command] = worker.callbacks;
  expect([event?.path, command?.path]).toEqual(["/clickclack/sage/events", "/clickclack/sage/commands"]);
  expect(event && isSignedWith(event, valuesFor(run, EVENTS)[0])).toBe(true);
  expect(command && isSignedWith(command, valuesFor(run, COMMANDS)[0])).toBe(true);
  expect(JSON.parse(command?.body ?? "")).toMatchObject({ bot_user_id: room.bot("sage").id });
  expect(run.out).toContain('edge: { accounts: { "sage": { inbound: "callbacks" } } }');

  // The secret that each was made with is not in use any more.
  expect(await requests(clickclack.url, "/rotate-secret$")).toHaveLength(2);
  expect(run.out + run.err).not.toContain(session);
  expect(await harbour.files()).toEqual([]);
});

test("warns where npm itself shows and stores the session, which it does with a command line", async () => {
  const harbour = await openHarbour();
  const env = { npm_lifecycle_event: "callbacks" };
  const session = harbour.room.person("ada").token;
  const open = await harbour.run(["--list", "--session", session], { url: "", env });
  expect(open.err).toMatch(/^--session: npm has printed it .*CLICKCLACK_SESSION/);
  expect(await harbour.run(["--list"], { url: "", env })).toMatchObject({ exit: 0, err: "" });
});

test("puts the secrets of several commands into one variable, and none where events alone are asked for", async () => {
  const harbour = await openHarbour();
  const run = await harbour.run(["--command", "/ask", "--command", "Tell", "--only", "commands"]);
  expect(run.out).not.toContain(EVENTS);
  await give(harbour, "/ask");
  await give(harbour, "/tell");
  const secrets = valuesFor(run, COMMANDS);
  expect(secrets).toHaveLength(2);
  expect(harbour.worker.callbacks.map((callback, at) => isSignedWith(callback, secrets[at]))).toEqual([
    true,
    true,
  ]);
  expect((await harbour.run(["--only", "events"])).out).not.toContain(COMMANDS);
});

test("a second run makes nothing again, and says how to get new secrets", async () => {
  const harbour = await openHarbour({ sage: { inbound: "both" } });
  await harbour.run([]);
  const again = await harbour.run([]);
  expect(again.exit).toBe(0);
  expect(again.out).toContain("--rotate");
  expect(again.out).toContain('edge.accounts.sage.inbound is "both" already');
  expect(again.out).not.toContain("ccs_");
  await say(harbour);
  expect(harbour.worker.callbacks).toHaveLength(1);

  const more = await harbour.run(["--command", "/ask", "--command", "/tell"]);
  expect(valuesFor(more, COMMANDS)).toHaveLength(1);
  expect(more.out).toContain("has to hold the secrets of /ask as well");
});

test("rotates events without a gap, and ends with the new secret alone", async () => {
  const harbour = await openHarbour();
  const { worker } = harbour;
  const [old] = valuesFor(await harbour.run(["--only", "events"]), EVENTS);
  const [next] = valuesFor(await harbour.run(["--rotate", "--only", "events"]), `${EVENTS}_NEXT`);
  await say(harbour);
  expect(worker.callbacks.map((callback) => isSignedWith(callback, old))).toEqual([true, false]);
  expect(worker.callbacks.map((callback) => isSignedWith(callback, next))).toEqual([false, true]);

  const finish = await harbour.run(["--finish"]);
  expect(finish.exit).toBe(0);
  const put = finish.out.indexOf(`npx wrangler secret put ${EVENTS}\n`);
  const remove = finish.out.indexOf(`npx wrangler secret delete ${EVENTS}_NEXT\n`);
  expect(put).toBeGreaterThan(0);
  expect(remove).toBeGreaterThan(put);
  await say(harbour);
  expect(worker.callbacks.slice(2).map((callback) => isSignedWith(callback, next))).toEqual([true]);
  expect((await harbour.run(["--finish"])).out).toContain("No older subscription is left");
});

test("does not end a rotation whose secret the Worker does not take yet", async () => {
  const harbour = await openHarbour();
  await harbour.run([]);
  await harbour.run(["--rotate", "--only", "events"]);
  harbour.worker.reply = answering(403);
  await say(harbour);
  expect(await harbour.run(["--finish"])).toMatchObject(
    failing(/^--finish: .*status 403.*put the secret.*\n$/, 1),
  );
  harbour.worker.reply = answering(202);
  await say(harbour);
  expect(await harbour.run(["--finish"])).toMatchObject({ exit: 0 });
});

test("rotates slash commands in their place, and says before that people are shown an error meanwhile", async () => {
  const harbour = await openHarbour();
  const set = ["--command", "/ask", "--command", "/tell", "--only", "commands"];
  const old = valuesFor(await harbour.run(set), COMMANDS);
  const run = await harbour.run(["--rotate", "--only", "commands"]);
  const secrets = valuesFor(run, COMMANDS);
  expect(secrets).toHaveLength(2);
  expect(run.out.indexOf("shown an error")).toBeLessThan(run.out.indexOf("wrangler secret put"));
  await give(harbour, "/ask");
  const [callback] = harbour.worker.callbacks;
  expect(callback && isSignedWith(callback, secrets[0])).toBe(true);
  expect(callback && isSignedWith(callback, old[0])).toBe(false);
});

test("uses the variables that the document names", async () => {
  const harbour = await openHarbour({
    sage: { eventsSecret: "$BELLS", commandsSecret: { source: "env", provider: "default", id: "ORDERS" } },
  });
  const run = await harbour.run([]);
  expect([valuesFor(run, "BELLS").length, valuesFor(run, "ORDERS").length]).toEqual([1, 1]);
  expect(valuesFor(await harbour.run(["--rotate"]), "BELLS_NEXT")).toHaveLength(1);
});

test("lists what calls whom, to every member and without secrets", async () => {
  const harbour = await openHarbour();
  await harbour.run([]);
  const { url } = harbour.worker;
  const env = { CLICKCLACK_SESSION: harbour.room.person("ben").token };
  const run = await harbour.run(["--list"], { url: "", env });
  expect(run).toMatchObject({ exit: 0, err: "" });
  expect(run.out).toContain(`message.created, thread.reply_created → ${url}/clickclack/sage/events`);
  expect(run.out).toContain(`/ask  as @sage → ${url}/clickclack/sage/commands`);
  expect(run.out).not.toContain("ccs_");
});

test("takes back what it has made when it cannot be completed", async () => {
  const harbour = await openHarbour();
  await fetch(`${harbour.clickclack.url}/sandbox/faults`, {
    method: "POST",
    body: JSON.stringify({ path: "slash-commands/.*/rotate-secret", fault: { kind: "status", status: 502 } }),
  });
  expect(await harbour.run([])).toMatchObject(
    failing(/^--clickclack: .*failed with status 502.*try again/m, 3),
  );
  const { out } = await harbour.run(["--list"]);
  expect(out.match(/^ {2}none$/gm)).toHaveLength(2);
  expect(await harbour.run([])).toMatchObject({ exit: 0 });
});

test("warns of an address that ClickClack will not call, and goes on", async () => {
  const harbour = await openHarbour();
  const run = await harbour.run([]);
  expect(run).toMatchObject({ exit: 0 });
  expect(run.err).toMatch(/^--url: with http:\/\//m);
  expect(run.err).toMatch(/^--url: ClickClack calls public addresses only, and 127\.0\.0\.1 is none/m);
  const fine = await harbour.run([], { url: "https://edge.example.workers.dev" });
  expect(fine).toMatchObject({ exit: 2, err: expect.not.stringContaining("--url:") });
  expect(fine.err).toMatch(/^--command \/ask: it is there and calls http/);
});

test(
  "says in one line what is wrong and how to mend it",
  async () => {
    const harbour = await openHarbour();
    const { room, clickclack } = harbour;
    await harbour.run(["--only", "events"]);
    const gone = { CLICKCLACK_SESSION: "sst_01kb3w8m0000000000000000gn" };
    const ben = { CLICKCLACK_SESSION: room.person("ben").token };
    const bot = { CLICKCLACK_SESSION: room.bot("sage").token };
    const noWorker = { url: "" };
    const wrong: [args: string[], more: Parameters<typeof harbour.run>[1], line: RegExp, exit?: number][] = [
      [["--rotat"], {}, /unknown option '--rotat'/],
      [["--rotate", "--finish"], {}, /^--rotate and --finish: give one/],
      [["--only", "both"], {}, /^--only: use events or commands/],
      [["--command", "a b"], {}, /^--command a b: use a name such as \/ask/],
      [["--rotate", "--command", "/ask"], {}, /^--command: .*leave it out/],
      [[], noWorker, /^--url: give the address/],
      [[], { url: "edge.example.workers.dev" }, /^--url: that is a text that is no URL; give/],
      [["--rotate"], { url: "https://other.example" }, /^--url: no event subscription calls https:\/\/other/],
      [[], { env: { CLICKCLACK_SESSION: "" } }, /^--session: give the session token/],
      [[], { env: bot }, /^--session: that is a bot's token/],
      [[], { env: gone }, /^--session: .*expired.*sign in/],
      [[], { env: ben }, /^--session: it is of a member of Harbour, and only an owner or a moderator/],
      [["--account", "sagee"], {}, /^--account sagee: .*use one of: sage, scout/],
      [["--workspace", "haven"], {}, /^--workspace haven: .*it is in harbour/],
      [
        ["--clickclack", "http://127.0.0.1:9"],
        {},
        /^--clickclack: no answer from http:\/\/127\.0\.0\.1:9/,
        3,
      ],
      [["--clickclack", harbour.worker.url], {}, /^--clickclack: .*does not answer as ClickClack does/],
      [["--bot", "nobody"], {}, /^--bot: nobody is no bot of Harbour; use one of: sage, scout/],
      [["--account", "scout"], {}, /^--bot: say in whose name.*sage, scout/],
      [[], { env: { SAGE_TOKEN: "ccb_gone" } }, /^--bot: the token of account "sage" does not tell/],
      [[], { env: { OPENCLAW_CONFIG: "{" } }, /^the document cannot be used: .*syntax error/],
      [[], { env: { OPENCLAW_CONFIG: "{}" } }, /^--clickclack: give ClickClack's address/],
    ];
    const runs = await Promise.all(wrong.map(([args, more]) => harbour.run(args, more)));
    for (const [at, [args, , line, exit]] of wrong.entries())
      expect(runs[at], args.join(" ")).toMatchObject(failing(new RegExp(line.source, "m"), exit));
    for (const { out, err } of runs) expect(out + err).not.toMatch(/sst_0|ccb_|\n {4}at /);
    expect(await requests(clickclack.url, "/slash-commands$", "POST")).toHaveLength(0);
  },
  MANY_RUNS_TIMEOUT_MS,
);

test("asks for no bot's name when there is one only", async () => {
  const harbour = await openHarbour();
  await harbour.room.leave(harbour.room.bot("scout"));
  const run = await harbour.run(["--account", "scout"]);
  expect(run.exit).toBe(0);
  await give(harbour, "/ask");
  expect(JSON.parse(harbour.worker.callbacks[0]?.body ?? "")).toMatchObject({
    bot_user_id: harbour.room.bot("sage").id,
  });
});

test("gives programs the secrets with the variables that they go into, and nothing else", async () => {
  const harbour = await openHarbour();
  const run = await harbour.run(["--json"]);
  const { callbacks } = run.json() as { callbacks: { kind: string; secret: string; variable: string }[] };
  expect(callbacks.map(({ kind, variable }) => [kind, variable])).toEqual([
    ["events", EVENTS],
    ["commands", COMMANDS],
  ]);
  await say(harbour);
  const [event] = harbour.worker.callbacks;
  expect(event && isSignedWith(event, callbacks[0]?.secret)).toBe(true);
  expect(await harbour.run(["--rotate", "--json"])).toMatchObject({
    exit: 2,
    err: expect.stringMatching(/^--json: rotate one kind at a time/),
  });
  const rotated = (await harbour.run(["--rotate", "--only", "events", "--json"])).json();
  expect(rotated).toMatchObject({ callbacks: [{ variable: `${EVENTS}_NEXT`, secret: expect.any(String) }] });
  expect((await harbour.run(["--list", "--json"], { url: "" })).json()).toMatchObject({
    subscriptions: [{}, {}],
    commands: [{ command: "/ask" }],
  });
});

test("--help shows every flag", async () => {
  const harbour = await openHarbour();
  const { exit, out } = await harbour.run(["--help"], { url: "" });
  expect(exit).toBe(0);
  for (const flag of ["url", "session", "account", "clickclack", "workspace", "bot", "command", "only"])
    expect(out).toContain(`  --${flag} `);
});

function failing(line: RegExp, exit = 2): Partial<Run> {
  return { exit, out: "", err: expect.stringMatching(line) };
}

async function requests(url: string, path: string, method = "POST"): Promise<unknown[]> {
  const query = new URLSearchParams({ path, method });
  const answer = await fetch(`${url}/sandbox/requests?${query}`);
  return ((await answer.json()) as { requests: unknown[] }).requests;
}
