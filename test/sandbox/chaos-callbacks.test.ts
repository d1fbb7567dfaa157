import { expect, it, vi } from "vitest";
import { CallbackFaults } from "../../sandbox/chaos/callbacks.ts";
import { ACKNOWLEDGEMENT } from "../../sandbox/chaos/config.ts";
import type { CallbackFaultName } from "../../sandbox/chaos/plan-callbacks.ts";
import { relayAnswer } from "../../sandbox/relay.ts";

/** A Worker behind the faults that takes everything. */
function behindFaults() {
  const forwarded: string[] = [];
  let isThere = true;
  const onTaken = vi.fn();
  const faults = new CallbackFaults({ isThere: () => isThere, onTaken });
  const send = (path: string, mark: string, payload: object = { message_id: mark }) => {
    const event = { event: { payload }, subscription_id: "sub_1" };
    const body = Buffer.from(
      JSON.stringify(path.endsWith("/events") ? event : { text: mark, trigger_id: `sci_${mark}` }),
    );
    return faults.onRequest({ path, headers: [], body }, async () => {
      if (!isThere) return relayAnswer(502);
      forwarded.push(mark);
      return { ...relayAnswer(202), body: Buffer.from(JSON.stringify({ text: ACKNOWLEDGEMENT })) };
    });
  };
  const order = (name: CallbackFaultName, aim: "events" | "commands" | "any" = "any", times = 1) =>
    faults.order({ kind: "callback", name, bot: "sage", aim, times, afterMs: 1, atMs: 0 });
  const die = () => {
    isThere = false;
  };
  return { faults, forwarded, onTaken, send, order, die };
}

const EVENTS = "/clickclack/sage/events";
const COMMANDS = "/clickclack/sage/commands";

it("forwards what no fault waits for, and tells when the Worker has taken it", async () => {
  const { faults, forwarded, onTaken, send, order } = behindFaults();
  order("callback lost", "commands");
  expect((await send(EVENTS, "one"))?.status).toBe(202);
  expect((await send("/clickclack/scribe/commands", "two"))?.status).toBe(202);
  expect(forwarded).toEqual(["one", "two"]);
  expect(onTaken).toHaveBeenCalledTimes(2);
  expect(faults.met.total).toBe(0);
});

it("loses callbacks in three ways, as often as was ordered, and hides an answer", async () => {
  const { faults, forwarded, send, order } = behindFaults();
  order("callback lost", "events", 2);
  order("callback refused");
  order("callback swallowed");
  order("callback's answer lost");
  expect(await send(EVENTS, "one")).toBeUndefined();
  expect(await send(EVENTS, "two")).toBeUndefined();
  expect((await send(COMMANDS, "three"))?.status).toBe(502);
  expect((await send(EVENTS, "four"))?.status).toBe(200);
  expect(forwarded).toEqual([]);
  expect(await send(EVENTS, "five")).toBeUndefined();
  expect(forwarded).toEqual(["five"]);
  expect(`${faults.met}`).toBe(
    "callback lost 2, callback refused 1, callback swallowed 1, callback's answer lost 1",
  );
});

it("doubles callbacks, and repeats them when everybody has forgotten them", async () => {
  const { faults, forwarded, send, order } = behindFaults();
  order("callback doubled");
  order("callback repeated");
  expect((await send(EVENTS, "one"))?.status).toBe(202);
  expect(forwarded).toEqual(["one", "one"]);
  expect((await send(EVENTS, "two"))?.status).toBe(202);
  await faults.over();
  expect(forwarded).toEqual(["one", "one", "two", "two"]);
  await faults.repeatAll();
  expect(forwarded).toHaveLength(8);
});

it("swaps a callback with the next one of its bot", async () => {
  const { faults, forwarded, send, order } = behindFaults();
  order("callbacks swapped");
  const held = send(EVENTS, "one");
  await send("/clickclack/scribe/events", "of another bot");
  expect(forwarded).toEqual(["of another bot"]);
  await send(COMMANDS, "two");
  expect((await held)?.status).toBe(202);
  expect(forwarded).toEqual(["of another bot", "two", "one"]);
  expect(faults.met.of("callbacks swapped")).toBe(1);
});

it("remembers which commands the Worker has taken, whoever else heard of that", async () => {
  const { faults, send, order } = behindFaults();
  order("callback refused", "commands");
  order("callback's answer lost", "commands");
  await send(COMMANDS, "one");
  await send(COMMANDS, "two");
  await send(COMMANDS, "three");
  const taken = ["one", "two", "three"].map((text) => faults.takenAs(text));
  expect(taken).toEqual([undefined, "sci_two", "sci_three"]);
});

it("spends no fault on what the bots said, nor on a dead Worker", async () => {
  const { faults, forwarded, send, order, die } = behindFaults();
  order("callback lost");
  expect((await send(EVENTS, "of a bot", { nonce: "edge" }))?.status).toBe(202);
  expect(forwarded).toEqual(["of a bot"]);
  die();
  expect((await send(EVENTS, "one"))?.status).toBe(502);
  expect(faults.met.total).toBe(0);
  expect(`${faults}`).toMatch(/^1 callbacks about what people said and asked: 1 while the Worker was dead/);
});

it("loses everything for as long as it is told to", async () => {
  const { faults, forwarded, send } = behindFaults();
  expect(await faults.silence(() => send(EVENTS, "one"))).toBeUndefined();
  expect((await send(EVENTS, "two"))?.status).toBe(202);
  expect(forwarded).toEqual(["two"]);
  expect(faults.met.of("callback lost")).toBe(1);
});
