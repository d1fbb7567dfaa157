import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, beforeAll, expect, it } from "vitest";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { until } from "../support/wait.ts";
import { callWorker, worldOf } from "../support/world.ts";

const world = worldOf("logs");
const PATH = "/v1/accounts/logs/log";

beforeAll(() => world.link());
afterAll(() => abortAllDurableObjects());

interface Line {
  at: number;
  event: string;
  account: string;
  message?: string;
}

/** A reader of the log, as a client of Server-Sent Events is. */
async function listen(headers: Record<string, string> = {}) {
  const response = await callWorker(PATH, {
    headers: { authorization: "Bearer test-api-token", ...headers },
  });
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) throw new Error("there is no body");
  let text = "";
  const lines = () => [...text.matchAll(/^data: (.*)$/gm)].map(([, json = ""]) => JSON.parse(json) as Line);
  return {
    text: () => text,
    lines,
    /** Reads until there is such a line. */
    async until(holds: (line: Line) => boolean): Promise<Line> {
      for (;;) {
        const found = lines().find(holds);
        if (found !== undefined) return found;
        const { value, done } = await reader.read();
        if (done) throw new Error(`the log has ended:\n${text}`);
        text += value;
      }
    },
    leave: () => reader.cancel(),
  };
}

it("tells what was logged last, and what is logged from now on, without texts and secrets", async () => {
  const log = await listen();
  await log.until(({ event }) => event === "link:linked");
  const question = await world.room.say(world.ada, world.general, "a word that is nobody else's");
  const answer = await world.answerTo(question);
  const answered = await log.until(({ event, message }) => event === "turn:answered" && message === question);
  expect(answered).toMatchObject({ account: "logs", reply: answer.id, at: expect.any(Number) });
  for (const secret of [world.bot.token, "nobody else's", answer.body])
    expect(log.text()).not.toContain(secret);
  await log.leave();
});

it("goes on where a reader was", async () => {
  const first = await listen();
  await first.until(({ event }) => event === "link:linked");
  await first.leave();
  const [id = ""] = [...first.text().matchAll(/^id: (.*)$/gm)].map(([, found]) => found).slice(-1);
  const question = await world.room.say(world.ada, world.general, "behind it");
  const second = await listen({ "last-event-id": id });
  await second.until(({ event, message }) => event === "turn:answered" && message === question);
  expect(second.lines().some(({ event }) => event === "link:linked")).toBe(false);
  await second.leave();
});

it("leaves the account as it is when readers come and go in the middle of its work", async () => {
  const sockets = async () => (await clickclackOf(world.bot.id).sockets()).map(({ opened_at }) => opened_at);
  const before = await sockets();
  const held = await gatewayOf("logs").hold("hold on");
  const question = await world.room.say(world.ada, world.general, "hold on");
  for (let reader = 0; reader < 5; reader++) {
    const log = await listen();
    await log.until(({ event, message }) => event === "turn:started" && message === question);
    await log.leave();
  }
  await held.release();
  await world.answerTo(question);
  expect(await sockets()).toEqual(before);
  await until(async () => (await world.status()).turns.running === 0);
});

it("is not for everyone, and of an account that there is", async () => {
  expect((await callWorker(PATH)).status).toBe(401);
  const headers = { authorization: "Bearer test-api-token" };
  expect((await callWorker("/v1/accounts/nobody/log", { headers })).status).toBe(404);
  expect((await callWorker("/v1/accounts/disabled/log", { headers })).status).toBe(503);
});
