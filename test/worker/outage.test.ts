import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Said } from "../../sandbox/room.ts";
import { gatewayOf } from "../support/control.ts";
import { objectOf } from "../support/object.ts";
import { until } from "../support/wait.ts";
import { readWorker, worldOf } from "../support/world.ts";

const world = worldOf("outage");
const gateway = gatewayOf("outage");
const { passTime, inStorage } = objectOf("outage");
/** Longer than any wait for another try, and than people wait for a notice. */
const RETRY_MS = 130_000;
const NOTICE_MS = 121_000;

let away: { back(): Promise<void> } | undefined;
const goAway = async (error?: string) => {
  away = await gateway.away(error);
};
const comeBack = async () => {
  await away?.back();
  away = undefined;
};

let root = "";
beforeAll(async () => {
  root = await world.room.say(world.otherBot, world.side, "a thread's root");
});
beforeEach(async () => {
  await abortAllDurableObjects();
  await world.link();
});
afterEach(async () => {
  await comeBack();
  // Whatever one test left is answered before the next one begins.
  await retryUntil(async () => {
    const { waiting, running } = (await world.status()).turns;
    return waiting + running === 0;
  });
});
afterAll(() => abortAllDurableObjects());

const gatewayState = async () => (await world.status()).gateway;
const isBack = async () => (await gatewayState()).reachable;
const isOpen = async () => (await gatewayState()).retryAt !== undefined;
const asked = async () => (await gateway.asked()).length;
const stateOf = async (message: string) =>
  (await (await readWorker(`/v1/accounts/outage/messages/${message}`)).json()) as Record<string, unknown>;
const untilWaiting = async (...messages: string[]) => {
  for (const message of messages) await until(async () => (await stateOf(message)).state === "waiting");
};

/** Lets every wait pass until something holds. */
async function retryUntil(holds: () => Promise<boolean>): Promise<void> {
  await until(async () => {
    if (await holds()) return true;
    await passTime(RETRY_MS);
    return false;
  });
}

/** Asks in three conversations: so many have to miss before all wait. */
async function askEverywhere(text: string): Promise<string[]> {
  return [
    await world.room.say(world.ada, world.general, `${text}: general`),
    await world.room.say(world.ben, world.side, `${text}: side`),
    await world.room.replyInThread(world.ada, root, `${text}: thread`),
  ];
}

const isNotice = ({ body }: Said) => body.includes("cannot reach my agent");
const notices = async (where: string) =>
  (await world.room.inChannel(world.ada, where)).filter(
    (said) => said.author_id === world.bot.id && isNotice(said),
  );
const answersTo = async (question: string) =>
  (await world.answersTo(question)).filter((said) => !isNotice(said));
const untilAnswered = async (...questions: string[]) => {
  for (const question of questions) await until(async () => (await answersTo(question)).length > 0);
};

describe("while the gateway is away", () => {
  it("questions wait and are not used up, however often it is tried, and are answered once in their order", async () => {
    await goAway();
    const before = await asked();
    const first = await world.room.say(world.ada, world.general, "outage: first");
    const second = await world.room.say(world.ben, world.general, "outage: second");
    const elsewhere = await world.room.say(world.ben, world.side, "outage: elsewhere");
    // More tries than any count of attempts would allow.
    await retryUntil(async () => (await asked()) >= before + 90);
    expect((await world.status()).turns.dead).toBe(0);
    expect(await stateOf(first)).toMatchObject({ failedRuns: 0, error: expect.stringContaining("draining") });
    await comeBack();
    await retryUntil(isBack);
    await untilAnswered(first, second, elsewhere);
    for (const question of [first, second, elsewhere]) expect(await answersTo(question)).toHaveLength(1);
    const order = (await world.room.inChannel(world.ada, world.general))
      .filter((said) => !isNotice(said))
      .map(({ quoted_message_id }) => quoted_message_id)
      .filter((id) => id === first || id === second);
    expect(order).toEqual([first, second]);
  });

  it("one question at a time tries it, and the conversations take turns", async () => {
    await goAway();
    await askEverywhere("probe");
    await retryUntil(isOpen);
    // By then all are behind the breaker: before it opened each had a time of its own.
    const before = (await asked()) + 3;
    await until(async () => {
      await passTime(RETRY_MS);
      return (await asked()) >= before + 9;
    });
    const texts = (await gateway.asked()).slice(before).map(({ body }) => body.messages.at(-1)?.content);
    for (const [i, text] of texts.entries()) expect(texts.slice(Math.max(0, i - 2), i)).not.toContain(text);
  });

  it("a question that came while it was open is not even asked, and is answered once it is back", async () => {
    await goAway();
    await askEverywhere("before");
    await retryUntil(isOpen);
    const dm = await world.room.openDm(world.ada, world.bot);
    const late = await world.room.sayInDm(world.ada, dm, "only when it is back");
    await untilWaiting(late);
    await comeBack();
    await retryUntil(isBack);
    await until(async () => (await stateOf(late)).state === "answered");
    expect(await stateOf(late)).toMatchObject({ attempts: 1 });
  });

  it("a question that waited as long as a message may be old is dead, with what was in the way", async () => {
    await goAway();
    const question = await world.room.say(world.ada, world.general, "too late");
    await untilWaiting(question);
    await inStorage((sql) => {
      const long = Date.now() - 3_600_001;
      sql.exec("UPDATE turns SET admitted_at = ? WHERE state = 'waiting'", long);
      sql.exec("UPDATE facts SET value = json_set(value, '$.since', ?) WHERE key = 'outage'", long);
    });
    await abortAllDurableObjects();
    await world.link();
    await retryUntil(async () => (await stateOf(question)).state === "dead");
    expect(await stateOf(question)).toMatchObject({
      reason: "draining",
      error: expect.stringContaining("draining: "),
    });
  });

  it("a question that is deleted is cancelled at once", async () => {
    await goAway();
    const [question = ""] = await askEverywhere("never mind");
    await retryUntil(isOpen);
    await world.room.remove(world.ada, question);
    await until(async () => (await stateOf(question)).state === "cancelled");
  });
});

it("after a restart one question tries the gateway again, and the others wait for what it finds", async () => {
  // Asks for five minutes, so that nobody else tries it meanwhile.
  await goAway("rate_limited");
  await untilWaiting(...(await askEverywhere("before the restart")));
  await abortAllDurableObjects();
  const before = await asked();
  await world.link();
  await until(async () => (await asked()) > before);
  await until(isOpen);
  expect(await asked()).toBe(before + 1);
  await comeBack();
  await passTime(301_000);
});

describe("people", () => {
  it("are told once in a conversation, when it has lasted, over a restart, and get their answer in the end", async () => {
    await goAway();
    const question = await world.room.say(world.ada, world.general, "anybody there?");
    const behind = await world.room.say(world.ada, world.general, "hello?");
    await untilWaiting(question, behind);
    const before = [(await notices(world.general)).length, (await notices(world.side)).length] as const;
    await passTime(NOTICE_MS);
    await until(async () => (await notices(world.general)).length === before[0] + 1);

    await abortAllDurableObjects();
    await world.link();
    expect(await gatewayState()).toMatchObject({ reachable: false, told: 1 });
    const late = await world.room.say(world.ben, world.side, "me too");
    await untilWaiting(question, behind, late);
    await passTime(NOTICE_MS);
    await until(async () => (await notices(world.side)).length === before[1] + 1);
    await passTime(2 * NOTICE_MS);

    await comeBack();
    await retryUntil(isBack);
    await untilAnswered(question, behind, late);
    const told = await notices(world.general);
    expect(told).toHaveLength(before[0] + 1);
    expect(told.at(-1)).toMatchObject({ quoted_message_id: question });
    expect(await notices(world.side)).toHaveLength(before[1] + 1);
  });

  it("are told in the next outage again", async () => {
    await goAway();
    const question = await world.room.say(world.ada, world.side, "gone again?");
    await untilWaiting(question);
    const before = (await notices(world.side)).length;
    await passTime(NOTICE_MS);
    await until(async () => (await notices(world.side)).length === before + 1);
    await comeBack();
    await retryUntil(isBack);
    await untilAnswered(question);
  });
});
