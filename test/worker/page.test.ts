import { abortAllDurableObjects } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Env } from "../../src/env.ts";
import { ASLEEP_VIEW_MAX_AGE_MS } from "../../src/limits-page.ts";
import { callBack, deliverEvent, loggedEvent } from "../support/callbacks.ts";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { linkTo } from "../support/links.ts";
import { objectOf } from "../support/object.ts";
import { storiesOf } from "../support/stories.ts";
import { textOf, Visitor } from "../support/visitor.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

/** Markup, both quotes, and a mark that turns the direction of what follows. */
const WICKED = `<script>alert("1")</script>' \u202Eknurd`;

afterAll(() => abortAllDurableObjects());

async function signedIn(...accounts: string[]): Promise<Visitor> {
  const visitor = new Visitor(accounts);
  await visitor.signIn();
  return visitor;
}

describe("an account", () => {
  const world = worldOf("page");
  const gateway = gatewayOf("page");
  let visitor: Visitor;
  beforeAll(async () => {
    await world.link();
    visitor = await signedIn("page");
  });

  it("shows who it is, how it does and what its agent is", async () => {
    await until(async () => (await visitor.live()).includes("event log checked"));
    const text = textOf(await visitor.page());
    expect(text).toContain("All is well.");
    expect(text).toMatch(/Bot connected @bot in Room of page, account page/);
    expect(text).toMatch(/Messages connected for [\d.]+ s, event log checked/);
    expect(text).toMatch(/Agent page, gateway reachable/);
    expect(text).toContain("Waiting nothing");
  });

  it("shows what is being answered, and then the answer, in the parts that change by themselves", async () => {
    await world.room.rename(world.ada, WICKED);
    const { release } = await gateway.hold("hold it on the page");
    const question = await world.room.say(world.ada, world.general, "hold it on the page");
    let held = "";
    await until(async () => {
      held = await visitor.live();
      return held.includes(question) && held.includes("#general");
    });
    expect(textOf(held)).toContain(`#general ${WICKED}, asked just now`);
    expect(held).toContain("<bdi>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39; \u202Eknurd</bdi>");
    expect(held).not.toContain("<script");
    expect(textOf(held)).toContain("Nothing was asked in the last day.");
    await release();
    await until(async () => /Answers 1 /.test(textOf(await visitor.live())));
    expect(await visitor.live()).not.toContain(question);
  });

  it("tells of trouble with the remotes, and what mends it", async () => {
    const { back } = await gateway.away("proxy_attribution");
    await world.room.say(world.ada, world.general, "nobody there");
    await until(async () => (await visitor.live()).includes("its agent cannot be reached"));
    const text = textOf(await visitor.live());
    expect(text).toContain("Bot: its agent cannot be reached.");
    expect(text).toContain("OpenClaw: the gateway does not trust the proxy before it");
    expect(text).toContain(
      "To mend it: list the proxy in front of the gateway in its gateway.trustedProxies.",
    );
    await back();
    await until(async () => {
      await objectOf("page").passTime(130_000);
      return textOf(await visitor.live()).includes("All is well.");
    });
  });

  it("that is refused says why, and what mends it", async () => {
    const lost = await signedIn("lost");
    await objectOf("lost").stub().ensure();
    await until(async () => textOf(await lost.live()).includes("lost: refused."));
    const text = textOf(await lost.page());
    expect(text).toContain("Status lost: refused.");
    expect(text).toContain("ClickClack: the token belongs to another workspace than the configured one");
    expect(text).toMatch(/tried again in \d min\. To mend it: set workspace to the id, slug or name/);
    expect(text).toContain("ClickClack workspace not found: nowhere");
  });

  it("that does not answer hides no other, and says that it does not", async () => {
    const silent = { getByName: () => ({ overview: () => Promise.reject(new Error("overloaded")) }) };
    const other = new Visitor(["page", "unconfigured"], { changes: { BOT_ACCOUNT: silent } });
    await other.signIn();
    const text = textOf(await other.page());
    expect(text).toContain("page: does not say how it is.");
    expect(text).toContain("unconfigured: not set up.");
    expect(text).toContain("channels.clickclack.accounts.unconfigured.token");
  });
});

describe("the last day", () => {
  const HOUR_MS = 3_600_000;
  const { inStorage } = objectOf("pagedead");

  it("is drawn by the hour, and told in a table as well", async () => {
    const now = Math.floor(Date.now() / HOUR_MS) * HOUR_MS + 1_000;
    await inStorage((sql) => {
      sql.exec("DELETE FROM turns");
      sql.exec("DELETE FROM journal");
      const turn = (ms: number, hoursAgo: number, state: string) =>
        sql.exec(
          `INSERT INTO turns (message_id, conversation, cursor, state, reason, attempts, runs, due_at, settled_at, admitted_at)
           VALUES (?, 'chn_1', '', ?, ?, 1, 0, 0, ?, ?)`,
          ...[crypto.randomUUID(), state, state === "answered" ? null : "stopped"],
          ...[now - hoursAgo * HOUR_MS, now - hoursAgo * HOUR_MS - ms],
        );
      // Of twenty, the tenth is the median and the nineteenth the 95th percentile.
      for (let index = 1; index <= 20; index++) turn(index * 1_000, 2, "answered");
      turn(90_000, 0, "answered");
      turn(1_000, 25, "answered");
      turn(1_000, 1, "cancelled");
      for (const [reason, n] of Object.entries({ not_mentioned: 3, own: 5, activity: 4, later_word: 1 }))
        for (let index = 0; index < n; index++)
          sql.exec(
            `INSERT INTO journal (message_id, conversation, cursor, road, seen_at, state, reason, attempts, due_at)
             VALUES (?, 'chn_1', '', 'realtime', ?, 'dropped', ?, 0, 0)`,
            ...[crypto.randomUUID(), now - HOUR_MS, reason],
          );
    });
    const visitor = await signedIn("pagedead");
    const page = await visitor.page();
    const text = textOf(page);
    expect(text).toContain("Answers 21 ");
    expect(text).toContain("Time to answer 11 s ");
    expect(text).toContain("half within 11 s 19 of 20 within 20 s ");
    expect(text).toContain("Not answered 5 ");
    expect(text).toMatch(/it does not mention the bot 3 .*somebody said \/stop 1 /);
    expect(text).toContain("later word 1");
    const rows = [...page.matchAll(/<tr><th scope="row">(.*?)<\/tr>/gs)].map(([row]) => textOf(row).trim());
    expect(rows).toEqual([
      expect.stringMatching(/^\d\d:00 1 1 min 1 min –$/),
      expect.stringMatching(/^\d\d:00 0 – – .*3: it does not mention the bot/),
      expect.stringMatching(/^\d\d:00 20 10 s 19 s –$/),
    ]);
    // Two hours with answers, each with its two times; three with a reason each in one hour.
    expect(page.match(/<rect class="s-answer"/g)).toHaveLength(2);
    expect(page.match(/<rect class="s-p95"/g)).toHaveLength(2);
    expect(page.match(/<rect class="s-drop/g)).toHaveLength(3);
    expect(page.match(/<svg[^>]*aria-hidden="true"/g)).toHaveLength(3);
  });
});

describe("what was given up", () => {
  const world = worldOf("pagedead");
  const clickclack = clickclackOf(world.bot.id);
  const { untilState, story } = storiesOf("pagedead");
  let visitor: Visitor;
  beforeEach(async () => {
    await world.link();
    visitor = await signedIn("pagedead");
  });

  /** A question whose answer ClickClack refused. */
  async function givenUp(text: string): Promise<string> {
    const error = `moderation ${WICKED}`;
    await clickclack.fault("POST", "/messages$", { kind: "status", status: 403, body: { error } });
    const question = await world.room.say(world.ada, world.general, text);
    await untilState(question, "dead");
    return question;
  }

  it("is shown with what can be done about it", async () => {
    const question = await givenUp("shown when given up");
    const page = await visitor.page();
    expect(textOf(page)).toContain("Every bot is up. One message was given up.");
    expect(textOf(page)).toContain("The answer could not be posted: ClickClack refuses this bot there.");
    expect(textOf(page)).toContain(`Try again ${question}`);
    expect(page).toContain("403 moderation &lt;script&gt;");
    expect(page).not.toContain("<script>");
    await visitor.act("discard", "pagedead", question);
  });

  it("is tried again, and said to be", async () => {
    const question = await givenUp("tried again from the page");
    const answer = await visitor.act("retry", "pagedead", question);
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/?done=retry#dead"]);
    await world.answerTo(question);
    const page = await visitor.page("/?done=retry");
    expect(textOf(page)).toContain("It is being tried again.");
    await untilState(question, "answered");
    expect(await visitor.page()).not.toContain(question);
  });

  it("is let go", async () => {
    const question = await givenUp("let go from the page");
    const answer = await visitor.act("discard", "pagedead", question);
    expect(answer.headers.get("location")).toBe("/?done=discard#dead");
    expect(await story(question)).toMatchObject({ state: "cancelled", reason: "discarded" });
    const again = await visitor.act("discard", "pagedead", question);
    expect(again.headers.get("location")).toBe("/?done=not_dead#dead");
  });

  it("is acted on for an account that there is, and in no other way", async () => {
    expect((await visitor.act("retry", "nobody", "msg_1")).status).toBe(404);
    expect((await visitor.act("retry", "pagedead", "msg_1")).headers.get("location")).toContain("not_dead");
    expect((await visitor.post("/page/dead/erase", {})).status).toBe(404);
    expect(textOf(await visitor.page("/?done=<b>"))).not.toContain("<b>");
  });
});

describe("the question why", () => {
  const world = worldOf("page");
  let visitor: Visitor;
  beforeAll(async () => {
    await world.link();
    visitor = await signedIn("page", "pagedead", "unconfigured");
  });
  const ask = async (written: string) => textOf(await visitor.page(`/?why=${encodeURIComponent(written)}`));

  it("is answered with the verdict, the setting that decided it and what mends it", async () => {
    const message = await world.room.say(world.otherBot, world.general, "@bot hello from a bot");
    await until(async () => (await ask(message)).includes("No answer"));
    const text = await ask(`  https://chat.example.com/app/${world.room.workspaceId}/${message} `);
    expect(text).toContain("No answer: a bot wrote it");
    expect(text).toContain("Decided by: channels.clickclack.accounts.page.allowBots");
    expect(text).toContain("To mend it: set allowBots, and name that bot in allowFrom.");
    expect(text).toMatch(/Heard of just now, by realtime/);
  });

  it("is answered for what was answered, too", async () => {
    const question = await world.room.say(world.ada, world.general, "asked about later");
    await world.answerTo(question);
    await until(async () => (await ask(question)).includes("Answer 1 of 1 part posted"));
    const text = await ask(question);
    expect(text).toContain(`account page, ${question}`);
    expect(text).toContain("nobody has to mention the bot there");
    expect(text).toMatch(/Settled just now, after [\d.]+ s/);
  });

  it("is answered for a link as ClickClack copies it", async () => {
    const message = await world.room.say(world.otherBot, world.general, "linked to");
    await until(async () => (await ask(message)).includes("No answer"));
    expect(await ask(await linkTo(world.ada, message))).toContain("No answer: a bot wrote it");
    const text = await ask("https://chat.example.com/app/T01KR3EXAMP7E1234/M01KR3EXAMP7E1234");
    expect(text).toContain("No bot sees a message behind this link");
  });

  it("says what may be so of a message that no account was told of, and what cannot be read", async () => {
    expect(await ask("msg_01m81fgk3he1kgwgmax38sphh5")).toContain(
      "No account was told of msg_01m81fgk3he1kgwgmax38sphh5",
    );
    for (const written of [WICKED, "https://chat.example.com/app/T1"]) {
      const page = await visitor.page(`/?why=${encodeURIComponent(written)}`);
      expect(textOf(page)).toContain("That is neither a message’s id");
      expect(page).not.toContain("<script>");
    }
    expect(await visitor.page("/?why=%20")).not.toContain('class="answer"');
  });
});

describe("an account without a connection", () => {
  const world = worldOf("pageasleep");
  const { passTime } = objectOf("pageasleep");

  /** Counts how often the account's object is asked. */
  function counting() {
    const own = env as unknown as Env;
    let asked = 0;
    const namespace = {
      getByName: (name: string) => {
        const stub = own.BOT_ACCOUNT.getByName(name);
        return {
          overview: (afresh: boolean) => {
            asked++;
            return stub.overview(afresh);
          },
        };
      },
    };
    return { changes: { BOT_ACCOUNT: namespace }, asked: () => asked };
  }

  it("is let sleep while nobody asks it anything, and woken by whoever looks anew", async () => {
    await world.link();
    const { changes, asked } = counting();
    const visitor = new Visitor(["pageasleep"], { changes });
    await visitor.signIn();
    const page = await visitor.page();
    expect(textOf(page)).toContain("listening for callbacks");
    for (let index = 0; index < 5; index++) await visitor.live();
    expect(asked()).toBe(1);
    await visitor.page();
    expect(asked()).toBe(2);
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + ASLEEP_VIEW_MAX_AGE_MS - 5_000);
    expect(textOf(await visitor.live())).toContain("As of 1 min ago: it sleeps between messages");
    expect(asked()).toBe(2);
    vi.setSystemTime(Date.now() + 5_000);
    await visitor.live();
    expect(asked()).toBe(3);
    vi.useRealTimers();
  });

  it("is asked as often as any other while it has something to do", async () => {
    const gateway = gatewayOf("pageasleep");
    const { release } = await gateway.hold("keep it busy");
    const question = await world.room.say(world.ada, world.general, "keep it busy");
    await deliverEvent("pageasleep", await loggedEvent(world, question));
    const { changes, asked } = counting();
    const visitor = new Visitor(["pageasleep"], { changes });
    await visitor.signIn();
    await until(async () => (await visitor.page()).includes(question));
    const before = asked();
    for (let index = 0; index < 3; index++) await visitor.live();
    expect(asked()).toBe(before + 3);
    await release();
    await until(async () => {
      await passTime(1_000);
      return /Answers 1 /.test(textOf(await visitor.page()));
    });
  });

  it("shows the callbacks that were refused, in words", async () => {
    await callBack("pageasleep", "events", "{}", { secret: "another" });
    const visitor = await signedIn("pageasleep");
    await until(async () =>
      /signed with another secret, or altered: after a rotation, put the new secret events of account pageasleep, once, /.test(
        textOf(await visitor.page()),
      ),
    );
  });
});

describe("a configuration", () => {
  it("that is broken shows its faults to whoever is signed in", async () => {
    const changes = { OPENCLAW_CONFIG: '{channels: {clickclack: {replyMode: "modle", "<b>": 1}}}' };
    const visitor = new Visitor([], { changes });
    expect(await visitor.page()).not.toContain("channels.clickclack");
    await visitor.signIn();
    const page = await visitor.page();
    expect(textOf(page)).toContain("The configuration is broken: nobody is answered.");
    expect(textOf(page)).toContain('channels.clickclack.replyMode: "modle"; use "agent" or "model"');
    expect(page).not.toContain("<b>&quot;");
    expect(page).toContain("[&quot;&lt;b&gt;&quot;]");
    expect(textOf(await visitor.live())).toContain("The configuration is broken");
  });

  it("that switches the channel off says so", async () => {
    const visitor = new Visitor([], { changes: { OPENCLAW_CONFIG: "{plugins: {enabled: false}}" } });
    await visitor.signIn();
    expect(textOf(await visitor.page())).toContain("The channel is switched off: plugins disabled.");
  });

  it("with something that is passed over says what", async () => {
    const own = JSON.parse((env as unknown as Env).OPENCLAW_CONFIG ?? "") as {
      channels: { clickclack: { configWrites?: boolean; accounts: object } };
    };
    own.channels.clickclack.configWrites = true;
    own.channels.clickclack.accounts = {};
    const visitor = new Visitor([], { changes: { OPENCLAW_CONFIG: JSON.stringify(own) } });
    await visitor.signIn();
    const text = textOf(await visitor.page());
    expect(text).toContain("channels.clickclack.configWrites");
  });
});
