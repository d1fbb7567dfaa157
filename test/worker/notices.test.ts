import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loggedEvent } from "../support/callbacks.ts";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { objectOf } from "../support/object.ts";
import { storiesOf } from "../support/stories.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

const world = worldOf("notices");
const gateway = gatewayOf("notices");
const { passTime } = objectOf("notices");
const { story, untilState } = storiesOf("notices");
/** Longer than any wait for another attempt, and than people wait for a notice. */
const LONG_MS = 130_000;

beforeAll(() => world.link());
afterAll(() => abortAllDurableObjects());

it("the second in line is not told that it waits while the first one is being asked", async () => {
  const away = await gateway.away();
  const first = await world.room.say(world.ada, world.general, "being asked");
  await untilState(first, "waiting");
  const second = await world.room.say(world.ben, world.general, "behind it");
  await untilState(second, "waiting");
  await gateway.reply("being asked", { error: "no_headers" }, 1);
  const before = (await gateway.askedAbout("being asked")).length;
  await away.back();
  // The gateway takes the question and says nothing: the outage may be over, or not.
  await until(async () => {
    await passTime(100_000);
    return (await gateway.askedAbout("being asked")).length > before;
  });
  await untilState(first, "running");
  await passTime(LONG_MS);
  expect(await story(second)).not.toHaveProperty("notice");

  await abortAllDurableObjects();
  await world.link();
  await until(async () => {
    await passTime(LONG_MS);
    return (await story(second)).state === "answered";
  });
  expect(await world.answersTo(first)).toHaveLength(1);
});

it("a notice bears the correlation id of the message that it is told to", async () => {
  const away = await gateway.away();
  const question = await world.room.say(world.ben, world.side, "told so");
  await untilState(question, "waiting");
  const notices = async () =>
    (await clickclackOf(world.bot.id).calls("POST", `^/api/channels/${world.side}/messages$`)).filter(
      ({ body }) => String(body?.nonce).startsWith("edge:notice:"),
    );
  await until(async () => {
    await passTime(LONG_MS);
    return (await notices()).length === 1;
  });
  const { payload } = await loggedEvent(world, question);
  expect((await notices())[0]?.headers["x-correlation-id"]).toBe(payload.correlation_id);
  await away.back();
});
