import { expect, it } from "vitest";
import { type Lane, nameOf } from "../../sandbox/chaos/cast.ts";
import { type Due, judge } from "../../sandbox/chaos/judge.ts";
import { makePlan } from "../../sandbox/chaos/plan.ts";
import { CALLBACK_FAULTS } from "../../sandbox/chaos/plan-callbacks.ts";

it("a seed gives one plan", () => {
  const order = { messages: 300, kills: 12, seed: 7 };
  const plan = makePlan(order);
  expect(plan.questions).toHaveLength(300);
  expect(plan.sends).toHaveLength(60);
  expect(plan.kills).toHaveLength(12);
  expect(makePlan(order)).toEqual(plan);
  expect(makePlan({ ...order, seed: 8 }).fingerprint).not.toBe(plan.fingerprint);
});

it("a plan of some size has sends to every kind of place, by every bot, several to one target", () => {
  const { sends } = makePlan({ messages: 300, kills: 12, seed: 7 });
  expect(new Set(sends.map(({ lane }) => `${lane.bot} ${lane.place.kind}`)).size).toBe(9);
  expect(new Set(sends.map(({ inBackground }) => inBackground)).size).toBe(2);
  expect(new Set(sends.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(sends.length);
  const lanes = sends.filter(({ inBackground }) => inBackground).map(({ lane }) => nameOf(lane));
  expect(lanes.length - new Set(lanes).size).toBeGreaterThan(10);
});

it("a plan of some size asks every bot by messages and by slash commands, and harms callbacks in every way", () => {
  const { questions, faults } = makePlan({ messages: 300, kills: 12, seed: 7 });
  const asked = questions.map(
    ({ lane, command }) => `${lane.bot} ${command === undefined ? "said" : command}`,
  );
  expect(new Set(asked).size).toBe(6);
  for (const { command, lane } of questions)
    if (command !== undefined) expect(lane.place.kind).toBe("channel");
  const harmed = faults.filter((plan) => plan.kind === "callback");
  expect(new Set(harmed.map(({ name }) => name))).toEqual(new Set(CALLBACK_FAULTS));
  expect(new Set(harmed.map(({ aim }) => aim))).toEqual(new Set(["events", "commands", "any"]));
});

it("a chaos run sees what is lost, said twice, half said, in the wrong place and out of order", () => {
  const lane: Lane = { place: { kind: "channel", name: "room-1" }, bot: "scout" };
  const answers = [0, 1, 2, 3].map(
    (index): Due => ({
      name: `answer ${index}`,
      body: `You asked ${index}.`,
      quotes: `msg_${index}`,
      series: "answers",
    }),
  );
  const sends = [0, 1].map(
    (index): Due => ({ name: `send ${index}`, body: `Note ${index}.`, series: "sends" }),
  );
  const waitedFor: Due = { name: "waited for", body: "Note now." };
  let posts = 0;
  const say = (body: string, quoted?: string) => ({
    id: `reply_${posts++}`,
    author_id: "bot",
    body,
    ...(quoted !== undefined && { quoted_message_id: quoted }),
  });
  const answer = (index: number, quoted = `msg_${index}`) => say(`You asked ${index}.`, quoted);
  const send = (index: number) => say(`Note ${index}.`);
  const found = (said: ReturnType<typeof say>[], due = answers) => {
    const { lost, duplicated, outOfOrder } = judge([{ lane, due, said }]);
    return [lost.length, duplicated.length, outOfOrder.length];
  };
  expect(found([answer(0), answer(1), answer(2), answer(3)])).toEqual([0, 0, 0]);
  expect(found([answer(0), answer(1), answer(3)])).toEqual([1, 0, 0]);
  expect(found([answer(0), answer(1), answer(2), answer(3), answer(1)])).toEqual([0, 1, 0]);
  expect(found([answer(0), say("You asked", "msg_1"), answer(2), answer(3)])).toEqual([1, 1, 0]);
  expect(found([answer(0, "msg_9"), answer(1), answer(2), answer(3)])).toEqual([1, 1, 0]);
  expect(found([answer(0), answer(2), answer(1), answer(3)])).toEqual([0, 0, 1]);

  // Nobody was told that it was taken: it may be answered anywhere, but once.
  const perhaps: Due = { name: "perhaps taken", body: "> @ada: /ask-scout 9", isOptional: true };
  const withPerhaps = [...answers.slice(0, 2), perhaps];
  const answered = say(perhaps.body);
  expect(found([answer(0), answer(1)], withPerhaps)).toEqual([0, 0, 0]);
  expect(found([answered, answer(0), answer(1)], withPerhaps)).toEqual([0, 0, 0]);
  expect(found([answered, answer(0), answered, answer(1)], withPerhaps)).toEqual([0, 1, 0]);
  expect(found([answered, answer(1), answer(0)], withPerhaps)).toEqual([0, 0, 1]);

  const due = [...answers, ...sends, waitedFor];
  const talk = [answer(0), answer(1), answer(2), answer(3)];
  const now = say("Note now.");
  expect(found([now, send(0), ...talk, send(1)], due)).toEqual([0, 0, 0]);
  expect(found([now, send(1), ...talk, send(0)], due)).toEqual([0, 0, 1]);
  expect(found([send(0), ...talk, send(1)], due)).toEqual([1, 0, 0]);
  expect(found([now, send(0), send(0), ...talk, send(1)], due)).toEqual([0, 1, 0]);
  expect(found([now, send(0), ...talk, send(1), say("“Note 0.”: noted by sage.")], due)).toEqual([0, 1, 0]);
});
