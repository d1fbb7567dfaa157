import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gatewayOf } from "../support/control.ts";
import { objectOf } from "../support/object.ts";
import { storiesOf } from "../support/stories.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

afterAll(() => abortAllDurableObjects());

describe("a bot that talks to ours", () => {
  const world = worldOf("guarded");
  const { room, ada, otherBot, general, side } = world;
  const { story, untilState } = storiesOf("guarded");
  const { inStorage } = objectOf("guarded");
  beforeAll(() => world.link());

  const answered = async (who: typeof ada, channel: string, text: string) => {
    const message = await room.say(who, channel, text);
    await untilState(message, "answered");
  };
  const suppressed = async (channel: string, text: string) => {
    const message = await room.say(otherBot, channel, text);
    await untilState(message, "dropped");
    return story(message);
  };

  it("is answered as often as the guard permits, and then left alone", async () => {
    for (const n of [1, 2, 3]) await answered(otherBot, general, `a bot's message ${n}`);
    expect(await suppressed(general, "one too many")).toMatchObject({
      reason: "bot_loop",
      setting: "channels.clickclack.accounts.guarded.botLoopProtection",
    });
    expect((await suppressed(general, "and another")).reason).toBe("bot_loop");
  });

  it("people are answered all the same, and the bot in another place", async () => {
    await answered(ada, general, "I am no bot");
    await answered(otherBot, side, "elsewhere");
  });

  it("a restart does not begin the count anew", async () => {
    await abortAllDurableObjects();
    await world.link();
    expect((await suppressed(general, "after a restart")).reason).toBe("bot_loop");
  });

  it("is answered again when the cool-down is over", async () => {
    // As if all of it had been said two minutes earlier.
    await inStorage((sql) => {
      for (const { pair, state } of sql.exec<{ pair: string; state: string }>(
        "SELECT pair, state FROM bot_pairs",
      )) {
        const { events, coolFromMs, coolUntilMs } = JSON.parse(state);
        const earlier = {
          events: events.map(([id, time]: [string, number]) => [id, time - 120_000]),
          ...(coolFromMs !== undefined && {
            coolFromMs: coolFromMs - 120_000,
            coolUntilMs: coolUntilMs - 120_000,
          }),
        };
        sql.exec("UPDATE bot_pairs SET state = ? WHERE pair = ?", JSON.stringify(earlier), pair);
      }
    });
    await answered(otherBot, general, "long after");
  });
});

describe("two bots of ours that answer each other", () => {
  const [a, b] = [worldOf("paira"), worldOf("pairb")];
  const [storyA, storyB] = [storiesOf("paira"), storiesOf("pairb")];
  beforeAll(async () => {
    await a.link();
    await b.link();
  });

  it("stop by themselves, and share nothing", async () => {
    const { room, ada, general } = a;
    const opening = await room.say(ada, general, "talk to each other");
    await until(async () => {
      const { dropped } = await a.status();
      const { dropped: other } = await b.status();
      return (dropped.bot_loop ?? 0) + (other.bot_loop ?? 0) > 0;
    });
    await until(async () => {
      const statuses = [await a.status(), await b.status()];
      return statuses.every(({ turns }) => turns.running + turns.waiting === 0);
    });
    const said = await room.inChannel(ada, general);
    // A bot that is listed alone answers no person; each is answered four times, and the fifth is one too many.
    expect(said.filter(({ author_id }) => author_id === a.bot.id).length).toBeLessThanOrEqual(5);
    expect(said.filter(({ author_id }) => author_id === b.bot.id).length).toBeLessThanOrEqual(4);
    expect((await storyB.story(opening)).reason).toBe("not_allowed");
    expect((await storyA.story(opening)).state).toBe("answered");
    const sessions = (await gatewayOf("paira").asked()).map(({ session }) => session);
    const others = (await gatewayOf("pairb").asked()).map(({ session }) => session);
    expect(sessions.filter((session) => others.includes(session))).toEqual([]);
  });

  it("one whose token is taken away does not take the other down", async () => {
    const { room, ada, side } = a;
    expect((await a.status()).link.state).toBe("linked");
    const question = await room.say(ada, side, "are you still there");
    await a.answerTo(question);
  });
});
