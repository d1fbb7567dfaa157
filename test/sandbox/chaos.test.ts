import { expect, it } from "vitest";
import type { Lane } from "../../sandbox/chaos/cast.ts";
import { type Asked, judge } from "../../sandbox/chaos/judge.ts";
import { makePlan } from "../../sandbox/chaos/plan.ts";

it("a seed gives one plan", () => {
  const order = { messages: 300, kills: 12, seed: 7 };
  const plan = makePlan(order);
  expect(plan.questions).toHaveLength(300);
  expect(plan.kills).toHaveLength(12);
  expect(makePlan(order)).toEqual(plan);
  expect(makePlan({ ...order, seed: 8 }).fingerprint).not.toBe(plan.fingerprint);
});

it("a chaos run sees what is lost, said twice, half said, in the wrong place and out of order", () => {
  const lane: Lane = { place: { kind: "channel", name: "room-1" }, bot: "scout" };
  const asked: Asked[] = makePlan({ messages: 4, kills: 0, seed: 1 }).questions.map((question, index) => ({
    question: { ...question, lane },
    messageId: `msg_${index}`,
  }));
  let posts = 0;
  const answer = (index: number, change: { body?: string; quoted_message_id?: string } = {}) => {
    const body = asked[index]?.question.answer.pieces.join("") ?? "";
    return { id: `reply_${posts++}`, author_id: "bot", body, quoted_message_id: `msg_${index}`, ...change };
  };
  const found = (said: ReturnType<typeof answer>[]) => {
    const { lost, duplicated, outOfOrder } = judge([{ lane, asked, said }]);
    return [lost.length, duplicated.length, outOfOrder.length];
  };
  expect(found([answer(0), answer(1), answer(2), answer(3)])).toEqual([0, 0, 0]);
  expect(found([answer(0), answer(1), answer(3)])).toEqual([1, 0, 0]);
  expect(found([answer(0), answer(1), answer(2), answer(3), answer(1)])).toEqual([0, 1, 0]);
  expect(found([answer(0), answer(1, { body: "You asked" }), answer(2), answer(3)])).toEqual([1, 1, 0]);
  expect(found([answer(0, { quoted_message_id: "msg_9" }), answer(1), answer(2), answer(3)])).toEqual([
    1, 1, 0,
  ]);
  expect(found([answer(0), answer(2), answer(1), answer(3)])).toEqual([0, 0, 1]);
});
