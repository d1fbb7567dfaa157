import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { ATTEMPTS_MAX } from "../../src/limits.ts";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { objectOf } from "../support/object.ts";
import { storiesOf } from "../support/stories.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

// What may happen beside it while the gateway is away.

const world = worldOf("away");
const gateway = gatewayOf("away");
const clickclack = clickclackOf(world.bot.id);
const { inStorage, passTime } = objectOf("away");
const { story, untilState, act } = storiesOf("away");
/** Longer than the waits between the first few attempts, and shorter than people wait for a notice. */
const PROBE_MS = 100_000;
const NOTICE_MS = 121_000;
/** A question may wait so long. */
const HOUR_MS = 3_600_000;
/** Longer than any wait for another attempt. */
const LONGEST_WAIT_MS = 130_000;

let away: { back(): Promise<void> } | undefined;
const goAway = async (error?: string) => {
  away = await gateway.away(error);
};
const comeBack = async () => {
  await away?.back();
  away = undefined;
};

beforeEach(async () => {
  await abortAllDurableObjects();
  await world.link();
});
afterEach(async () => {
  await clickclack.clearFaults();
  await inStorage((sql) => sql.exec("DROP TRIGGER IF EXISTS broken"));
  await comeBack();
  await until(async () => {
    await passTime(LONGEST_WAIT_MS);
    const { waiting, running } = (await world.status()).turns;
    return waiting + running === 0;
  });
});
afterAll(() => abortAllDurableObjects());

const gatewayStatus = async () => (await world.status()).gateway;

async function probeUntil(holds: () => Promise<boolean>): Promise<void> {
  await until(async () => {
    await passTime(PROBE_MS);
    return holds();
  });
}

async function askInVain(text: string): Promise<string> {
  await goAway();
  const question = await world.room.say(world.ada, world.general, text);
  await untilState(question, "waiting");
  return question;
}

describe("the outage", () => {
  it("began when it began, also after a restart", async () => {
    await askInVain("since when?");
    const { since } = await gatewayStatus();
    await abortAllDurableObjects();
    await world.link();
    expect(await gatewayStatus()).toMatchObject({ reachable: false, since });
  });

  it("is over for all with a question that is refused, for somebody was there to refuse it", async () => {
    const question = await askInVain("refuse me");
    await gateway.reply("refuse me", { error: "provider_400" });
    await comeBack();
    await probeUntil(async () => (await story(question)).state === "dead");
    expect(await gatewayStatus()).toEqual({ reachable: true });
  });

  it("does not last because a question that was to probe could not be read", async () => {
    const question = await askInVain("unreadable probe");
    await clickclack.fault("GET", `^/api/messages/${question}$`, { kind: "status", status: 503 });
    await passTime(PROBE_MS);
    await until(async () => (await story(question)).error?.includes("503") === true);
    await comeBack();
    await probeUntil(async () => (await gatewayStatus()).reachable);
    await world.answerTo(question);
  });

  it("is waited out as long as the gateway asks for", async () => {
    await goAway("rate_limited");
    const question = await world.room.say(world.ada, world.general, "locked out");
    await untilState(question, "waiting");
    await comeBack();
    // It asked for five minutes.
    await passTime(240_000);
    expect((await story(question)).state).toBe("waiting");
    expect(await gateway.askedAbout("locked out")).toHaveLength(1);
    await passTime(301_000);
    await untilState(question, "answered");
  });

  it("uses no attempt up, however often a single question is tried", async () => {
    const question = await askInVain("tried and tried");
    const tried = async () => (await gateway.askedAbout("tried and tried")).length;
    await until(async () => {
      await passTime(LONGEST_WAIT_MS);
      return (await tried()) > 2 * ATTEMPTS_MAX;
    });
    await untilState(question, "waiting");
    await comeBack();
    await until(async () => {
      await passTime(LONGEST_WAIT_MS);
      return (await story(question)).state === "answered";
    });
    expect(await story(question)).toMatchObject({ attempts: 1 });
  });

  it("leaves a question that it outlasted all its time again on an operator's word", async () => {
    const question = await askInVain("waited too long");
    await inStorage((sql) => {
      const long = Date.now() - HOUR_MS;
      sql.exec("UPDATE turns SET admitted_at = ? WHERE message_id = ?", long, question);
      sql.exec("UPDATE facts SET value = json_set(value, '$.since', ?) WHERE key = 'outage'", long);
    });
    await abortAllDurableObjects();
    await world.link();
    await probeUntil(async () => (await story(question)).state === "dead");
    await act(question, "retry");
    await passTime(PROBE_MS);
    await untilState(question, "waiting");
    await comeBack();
    await probeUntil(async () => (await gatewayStatus()).reachable);
    await world.answerTo(question);
  });

  it("has a question that comes in the midst of it wait, and not only be seen", async () => {
    await askInVain("the first of them");
    const second = await world.room.say(world.ben, world.side, "in the midst of it");
    await untilState(second, "waiting");
    await abortAllDurableObjects();
    expect(await story(second)).toMatchObject({ state: "waiting", admittedAt: expect.any(Number) });
  });
});

describe("the notice", () => {
  const posts = async (status: number) =>
    (await clickclack.calls("POST", "/messages$")).filter((call) => call.status === status).length;
  const notices = async () =>
    (await world.room.inChannel(world.ada, world.general)).filter(
      ({ author_id, body }) => author_id === world.bot.id && body.includes("cannot reach my agent"),
    );

  it("is part of the question's story", async () => {
    const question = await askInVain("tell me that you wait");
    await passTime(NOTICE_MS);
    await until(async () => (await story(question)).notice?.state === "sent");
    const told = (await notices()).find(({ quoted_message_id: quoted }) => quoted === question);
    expect((await story(question)).notice).toMatchObject({ message: told?.id, attempts: 0 });
  });

  it("that fails is posted later, and one that cannot be posted before it is over is never posted", async () => {
    const before = (await notices()).length;
    const question = await askInVain("tell me later");
    await clickclack.fault("POST", "/messages$", { kind: "status", status: 503 }, 2);
    const failed = await posts(503);
    await passTime(NOTICE_MS);
    await until(async () => (await posts(503)) === failed + 1);
    await untilState(question, "waiting");
    await passTime(NOTICE_MS);
    await until(async () => (await posts(503)) === failed + 2);
    expect((await story(question)).notice).toMatchObject({ state: "pending", attempts: 2 });
    expect((await notices()).length).toBe(before);
    await passTime(NOTICE_MS);
    await until(async () => (await notices()).length === before + 1);

    await comeBack();
    await probeUntil(async () => (await gatewayStatus()).reachable);
    await untilState(question, "answered");
    await clickclack.fault("POST", "/messages$", { kind: "status", status: 503 });
    const other = await askInVain("tell me never");
    await passTime(NOTICE_MS);
    await until(async () => (await story(other)).notice?.attempts === 1);
    await comeBack();
    await probeUntil(async () => (await gatewayStatus()).reachable);
    await world.answerTo(other);
    expect(await story(other)).not.toHaveProperty("notice");
    expect((await notices()).length).toBe(before + 1);
  });

  it("that is refused is not tried again", async () => {
    const question = await askInVain("you may not tell me");
    const refusal = { kind: "status", status: 403, body: { error: "moderation restriction" } };
    await clickclack.fault("POST", "/messages$", refusal, 1_000);
    const refused = await posts(403);
    await passTime(NOTICE_MS);
    await until(async () => (await posts(403)) === refused + 1 && !("notice" in (await story(question))));
    const late = await world.room.say(world.ben, world.side, "nor me");
    await untilState(late, "waiting");
    await passTime(NOTICE_MS);
    await until(async () => (await posts(403)) === refused + 2);
    expect((await gatewayStatus()).told).toBe(2);
  });

  it("is written down together with whom it tells, or not at all", async () => {
    const question = await askInVain("no room for a notice");
    await inStorage((sql) =>
      sql.exec(
        "CREATE TRIGGER broken BEFORE UPDATE ON facts WHEN NEW.key = 'outage' BEGIN SELECT RAISE(ABORT, 'no room'); END",
      ),
    );
    await passTime(NOTICE_MS);
    expect(await story(question)).not.toHaveProperty("notice");
    await inStorage((sql) => sql.exec("DROP TRIGGER broken"));
    await untilState(question, "waiting");
    await passTime(NOTICE_MS);
    await until(async () => (await story(question)).notice?.state === "sent");
    await comeBack();
    // What could not be written down was tried again much later.
    await until(async () => {
      await passTime(2 * NOTICE_MS);
      return (await story(question)).state === "answered";
    });
  });
});
