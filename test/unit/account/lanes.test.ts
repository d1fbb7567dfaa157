import { describe, expect, test } from "vitest";
import { ADMITTED, DROPPED, laneWorld, restored, SETTLED, workOf } from "./lane-world.ts";

describe("within a conversation", () => {
  test("messages are decided on one after the other", async () => {
    const { add, admitting, endAdmission, log } = laneWorld();
    add("a1");
    add("a2");
    add("a3");
    expect(admitting()).toEqual(["a1"]);
    await endAdmission("a1", DROPPED);
    expect(admitting()).toEqual(["a2"]);
    await endAdmission("a2", DROPPED);
    expect(log).toEqual(["admit a1", "admit a2", "admit a3"]);
  });

  test("answers are made one after the other, in the order of the messages", async () => {
    const { addAdmitted, running, endRun } = laneWorld();
    for (const message of ["a1", "a2", "a3"]) await addAdmitted(message);
    expect(running()).toEqual(["a1"]);
    await endRun("a1", SETTLED);
    expect(running()).toEqual(["a2"]);
    await endRun("a2", SETTLED);
    expect(running()).toEqual(["a3"]);
  });

  test("a message is decided on while the answer before it is still being made", async () => {
    const { add, addAdmitted, admitting, running, endAdmission } = laneWorld();
    await addAdmitted("a1");
    add("a2");
    expect(running()).toEqual(["a1"]);
    expect(admitting()).toEqual(["a2"]);
    await endAdmission("a2", DROPPED);
    add("a3");
    expect(admitting()).toEqual(["a3"]);
  });

  test("a message that is dropped leaves its place to the next", async () => {
    const { add, endAdmission, running } = laneWorld();
    add("a1");
    add("a2");
    await endAdmission("a1", DROPPED);
    await endAdmission("a2", ADMITTED);
    expect(running()).toEqual(["a2"]);
  });

  test("late arrivals take their place by cursor among those not yet in hand", async () => {
    const { add, admitting, endAdmission } = laneWorld();
    add("a5");
    for (const late of ["a4", "a2", "a3", "a1"]) add(late);
    const order: string[] = [];
    for (let [message] = admitting(); message !== undefined; [message] = admitting()) {
      order.push(message);
      await endAdmission(message, DROPPED);
    }
    expect(order).toEqual(["a5", "a1", "a2", "a3", "a4"]);
  });

  test("messages of one cursor keep the order in which they came", async () => {
    const { add, admitting, endAdmission } = laneWorld();
    for (const message of ["a1", "a2", "a3"]) add(message, "cur_same");
    await endAdmission("a1", DROPPED);
    expect(admitting()).toEqual(["a2"]);
  });

  test("messages of an earlier life run in the order given, before those that are new", async () => {
    const { lanes, addAdmitted, endRun, log } = laneWorld();
    lanes.addWaiting(restored("a1"));
    lanes.addWaiting(restored("a2"));
    await addAdmitted("a3");
    await endRun("a1", SETTLED);
    await endRun("a2", SETTLED);
    expect(log).toEqual(["admit a3", "run a1", "park a3", "run a2", "run a3"]);
  });
});

describe("across conversations", () => {
  test("one slow decision delays none", () => {
    const { add, admitting } = laneWorld();
    for (const message of ["a1", "b1", "c1"]) add(message);
    expect(admitting()).toEqual(["a1", "b1", "c1"]);
  });

  test("one slow answer delays none, and answers end in any order", async () => {
    const { addAdmitted, running, endRun } = laneWorld();
    for (const message of ["a1", "b1", "c1"]) await addAdmitted(message);
    expect(running()).toEqual(["a1", "b1", "c1"]);
    await endRun("c1", SETTLED);
    await endRun("a1", SETTLED);
    await addAdmitted("c2");
    expect(running()).toEqual(["b1", "c2"]);
  });
});

describe("a retry", () => {
  test("of a decision holds up its own conversation only, until it is due", async () => {
    const { add, admitting, endAdmission, wake } = laneWorld();
    add("a1");
    add("a2");
    add("b1");
    await endAdmission("a1", { retryAt: 100 });
    expect(admitting()).toEqual(["b1"]);
    wake(99);
    expect(admitting()).toEqual(["b1"]);
    wake(100);
    expect(admitting()).toEqual(["b1", "a1"]);
  });

  test("of an answer holds up its own conversation only, until it is due, and is given no old message", async () => {
    const { addAdmitted, running, endRun, wake, log } = laneWorld();
    for (const message of ["a1", "a2", "b1"]) await addAdmitted(message);
    await endRun("a1", { retryAt: 100 });
    expect(running()).toEqual(["b1"]);
    wake(99);
    expect(running()).toEqual(["b1"]);
    wake(100);
    expect(running()).toEqual(["b1", "a1"]);
    expect(log.filter((line) => line.startsWith("run a1"))).toEqual(["run a1 fresh", "run a1"]);
  });

  test("of an answer leaves decisions in its conversation to go on", async () => {
    const { addAdmitted, add, admitting, endRun } = laneWorld();
    await addAdmitted("a1");
    await endRun("a1", { retryAt: 100 });
    add("a2");
    expect(admitting()).toEqual(["a2"]);
  });

  test("of a decision lets a late arrival before it pass", async () => {
    const { add, admitting, endAdmission } = laneWorld();
    add("a2");
    await endAdmission("a2", { retryAt: 100 });
    add("a1");
    expect(admitting()).toEqual(["a1"]);
  });

  test("that is due already is made at once", async () => {
    const { add, admitting, endAdmission, log } = laneWorld();
    add("a1");
    await endAdmission("a1", { retryAt: 0 });
    expect(admitting()).toEqual(["a1"]);
    expect(log).toEqual(["admit a1", "admit a1"]);
  });
});

describe("what waits is written down", () => {
  test("and what runs at once is not, and is given the message just fetched", async () => {
    const { addAdmitted, log } = laneWorld();
    await addAdmitted("a1");
    expect(log).toEqual(["admit a1", "run a1 fresh"]);
  });

  test("once, behind an answer of its conversation, and is fetched again when its time comes", async () => {
    const { addAdmitted, endRun, wake, log } = laneWorld();
    for (const message of ["a1", "a2"]) await addAdmitted(message);
    wake(1);
    await endRun("a1", SETTLED);
    expect(log).toEqual(["admit a1", "run a1 fresh", "admit a2", "park a2", "run a2"]);
  });

  test("behind a retry of its conversation", async () => {
    const { addAdmitted, endRun, log } = laneWorld();
    await addAdmitted("a1");
    await endRun("a1", { retryAt: 100 });
    await addAdmitted("a2");
    expect(log).toEqual(["admit a1", "run a1 fresh", "admit a2", "park a2"]);
  });

  test("when there are as many answers at once as there may be", async () => {
    const { addAdmitted, endRun, log } = laneWorld({ turnsAtOnce: 1 });
    for (const message of ["a1", "b1"]) await addAdmitted(message);
    await endRun("a1", SETTLED);
    expect(log).toEqual(["admit a1", "run a1 fresh", "admit b1", "park b1", "run b1"]);
  });

  test("not when it is dropped or to be decided on later", async () => {
    const { add, endAdmission, log } = laneWorld();
    add("a1");
    add("b1");
    await endAdmission("a1", DROPPED);
    await endAdmission("b1", { retryAt: 100 });
    expect(log).toEqual(["admit a1", "admit b1"]);
  });
});

describe("bounded are", () => {
  test("the decisions at once: the next begins when one ends, whatever its end", async () => {
    const { add, admitting, endAdmission } = laneWorld({ admissionsAtOnce: 2 });
    for (const message of ["a1", "b1", "c1", "d1", "e1"]) add(message);
    expect(admitting()).toEqual(["a1", "b1"]);
    await endAdmission("b1", DROPPED);
    expect(admitting()).toEqual(["a1", "c1"]);
    await endAdmission("a1", ADMITTED);
    expect(admitting()).toEqual(["c1", "d1"]);
    await endAdmission("c1", { retryAt: 100 });
    expect(admitting()).toEqual(["d1", "e1"]);
  });

  test("the answers at once: the next begins when one ends, whatever its end", async () => {
    const { addAdmitted, running, endRun } = laneWorld({ turnsAtOnce: 2 });
    for (const message of ["a1", "b1", "c1", "d1"]) await addAdmitted(message);
    expect(running()).toEqual(["a1", "b1"]);
    await endRun("b1", SETTLED);
    expect(running()).toEqual(["a1", "c1"]);
    await endRun("a1", { retryAt: 100 });
    expect(running()).toEqual(["c1", "d1"]);
  });

  test("those waiting in a conversation: the oldest waiting one goes, and never the running one", async () => {
    const { addAdmitted, endRun, running, log } = laneWorld({ waitingPerConversation: 2 });
    for (const message of ["a1", "a2", "a3"]) await addAdmitted(message);
    expect(log.filter((line) => line.startsWith("overflow"))).toEqual([]);
    await addAdmitted("a4");
    await addAdmitted("a5");
    expect(log.filter((line) => line.startsWith("overflow"))).toEqual(["overflow a2", "overflow a3"]);
    expect(running()).toEqual(["a1"]);
    await endRun("a1", SETTLED);
    await endRun("a4", SETTLED);
    expect(running()).toEqual(["a5"]);
  });

  test("those waiting behind a retry, and never the retry itself: an answer to it may be on its way", async () => {
    const { addAdmitted, endRun, running, wake, log } = laneWorld({ waitingPerConversation: 2 });
    await addAdmitted("a1");
    await endRun("a1", { retryAt: 100 });
    for (const message of ["a2", "a3"]) await addAdmitted(message);
    expect(log.filter((line) => line.startsWith("overflow"))).toEqual([]);
    await addAdmitted("a4");
    expect(log.filter((line) => line.startsWith("overflow"))).toEqual(["overflow a2"]);
    wake(100);
    await endRun("a1", SETTLED);
    expect(running()).toEqual(["a3"]);
  });

  test("each conversation by itself", async () => {
    const { addAdmitted, log } = laneWorld({ waitingPerConversation: 1 });
    for (const message of ["a1", "a2", "b1", "b2"]) await addAdmitted(message);
    expect(log.filter((line) => line.startsWith("overflow"))).toEqual([]);
  });

  test("not those of an earlier life, which may have been begun", async () => {
    const { lanes, addAdmitted, log } = laneWorld({ waitingPerConversation: 1 });
    for (const message of ["a1", "a2", "a3"]) lanes.addWaiting(restored(message, true));
    for (const message of ["a4", "a5"]) await addAdmitted(message);
    expect(log.filter((line) => line.startsWith("overflow"))).toEqual(["overflow a4"]);
  });
});

describe("a busy conversation does not keep the only place from quiet ones", () => {
  test("of decisions", async () => {
    const { add, admitting, endAdmission } = laneWorld({ admissionsAtOnce: 1 });
    for (const message of ["a1", "a2", "a3", "a4", "b1", "c1"]) add(message);
    const order: string[] = [];
    for (let [message] = admitting(); message !== undefined; [message] = admitting()) {
      order.push(message);
      await endAdmission(message, DROPPED);
    }
    expect(order.slice(-2)).toEqual(["a3", "a4"]);
  });

  test("of answers", async () => {
    const { addAdmitted, running, endRun } = laneWorld({ turnsAtOnce: 1 });
    for (const message of ["a1", "a2", "a3", "a4", "b1", "c1"]) await addAdmitted(message);
    const order: string[] = [];
    for (let [message] = running(); message !== undefined; [message] = running()) {
      order.push(message);
      await endRun(message, SETTLED);
    }
    expect(order.slice(-2)).toEqual(["a3", "a4"]);
  });
});

describe("the next due time", () => {
  test("is none when nothing waits", async () => {
    const { lanes, addAdmitted, endRun } = laneWorld();
    expect(lanes.nextDueAt()).toBeUndefined();
    await addAdmitted("a1");
    await endRun("a1", SETTLED);
    expect(lanes.nextDueAt()).toBeUndefined();
  });

  test("is that of the earliest retry, of decisions and answers alike", async () => {
    const { lanes, add, addAdmitted, endAdmission, endRun, wake } = laneWorld();
    await addAdmitted("a1");
    await endRun("a1", { retryAt: 300 });
    expect(lanes.nextDueAt()).toBe(300);
    add("b1");
    await endAdmission("b1", { retryAt: 200 });
    expect(lanes.nextDueAt()).toBe(200);
    wake(200);
    expect(lanes.nextDueAt()).toBe(300);
  });

  test("passes over what is in hand, and over what waits behind it", async () => {
    const { lanes, add, addAdmitted } = laneWorld();
    for (const message of ["a1", "a2"]) await addAdmitted(message);
    add("b1");
    add("b2");
    expect(lanes.nextDueAt()).toBeUndefined();
  });

  test("passes over what only waits for a free place: an alarm at once would find nothing to do, again and again", async () => {
    const answers = laneWorld({ turnsAtOnce: 1 });
    for (const message of ["a1", "b1"]) await answers.addAdmitted(message);
    expect(answers.lanes.nextDueAt()).toBeUndefined();

    const decisions = laneWorld({ admissionsAtOnce: 1 });
    for (const message of ["a1", "b1"]) decisions.add(message);
    expect(decisions.lanes.nextDueAt()).toBeUndefined();
  });

  test("passes over one that has to let an earlier one be decided on first", async () => {
    const { lanes, add, addAdmitted, endRun, running } = laneWorld({ turnsAtOnce: 1 });
    for (const message of ["b1", "a2"]) await addAdmitted(message);
    add("a1");
    await endRun("b1", SETTLED);
    expect(running()).toEqual([]);
    expect(lanes.nextDueAt()).toBeUndefined();
  });

  test("is told of whenever it may have changed", async () => {
    const { changes, add, endAdmission, endRun } = laneWorld();
    const told: boolean[] = [];
    let before = changes();
    const note = () => {
      told.push(changes() > before);
      before = changes();
    };
    add("a1");
    note();
    await endAdmission("a1", { retryAt: 0 });
    note();
    await endAdmission("a1", ADMITTED);
    note();
    await endRun("a1", { retryAt: 100 });
    note();
    expect(told).toEqual([true, true, true, true]);
  });
});

describe("a parked message", () => {
  test("waits to be released, and holds up its own conversation only", async () => {
    const { lanes, addAdmitted, endRun, running, wake } = laneWorld();
    for (const message of ["a1", "a2", "b1"]) await addAdmitted(message);
    await endRun("a1", { parkedUntil: 5_000 });
    wake(4_999);
    expect(running()).toEqual(["b1"]);
    lanes.release();
    expect(running()).toEqual(["b1", "a1"]);
  });

  test("runs at its time all the same, and says when that is", async () => {
    const { lanes, addAdmitted, endRun, running, wake } = laneWorld();
    await addAdmitted("a1");
    await endRun("a1", { parkedUntil: 5_000 });
    expect(lanes.nextDueAt()).toBe(5_000);
    wake(5_000);
    expect(running()).toEqual(["a1"]);
  });

  test("runs alone when it is time to probe, each conversation in its turn", async () => {
    const { addAdmitted, endRun, running, probeFrom, wake, now } = laneWorld();
    for (const message of ["a1", "b1", "c1"]) await addAdmitted(message);
    for (const message of ["a1", "b1", "c1"]) await endRun(message, { parkedUntil: 9_000 });
    const order: string[] = [];
    for (let i = 0; i < 6; i++) {
      probeFrom(now() + 100);
      wake(now() + 99);
      expect(running()).toEqual([]);
      wake(now() + 1);
      wake(now());
      const [message = ""] = running();
      expect(running()).toHaveLength(1);
      order.push(message);
      probeFrom(undefined);
      await endRun(message, { parkedUntil: 9_000 });
    }
    expect(order).toEqual(["a1", "b1", "c1", "a1", "b1", "c1"]);
  });

  test("says when it may probe, but not while another one does or no place is free", async () => {
    const { lanes, addAdmitted, endRun, probeFrom, wake, running } = laneWorld({ turnsAtOnce: 1 });
    await addAdmitted("a1");
    await endRun("a1", { parkedUntil: 9_000 });
    await addAdmitted("b1");
    await endRun("b1", { parkedUntil: 9_000 });
    probeFrom(100);
    expect(lanes.nextDueAt()).toBe(100);
    await addAdmitted("c1");
    wake(200);
    expect(running()).toEqual(["c1"]);
    expect(lanes.nextDueAt()).toBe(9_000);
    await endRun("c1", SETTLED);
    expect(running()).toEqual(["a1"]);
    expect(lanes.nextDueAt()).toBe(9_000);
  });
});

describe("what an earlier life admitted", () => {
  test("counts among what waits, unless it was begun", async () => {
    const { lanes, addAdmitted, log } = laneWorld({ waitingPerConversation: 2 });
    lanes.addWaiting(restored("a1", true));
    for (const message of ["a2", "a3"]) lanes.addWaiting(restored(message));
    lanes.pump();
    for (const message of ["a4", "a5"]) await addAdmitted(message);
    expect(log.filter((line) => line.startsWith("overflow"))).toEqual(["overflow a2", "overflow a3"]);
  });

  test("does not overtake what is still to be decided on, unless it was begun", () => {
    for (const begun of [false, true]) {
      const { lanes, running } = laneWorld();
      lanes.addWaiting(restored("a2", begun));
      lanes.add(workOf("a1"));
      lanes.pump();
      expect(running()).toEqual(begun ? ["a2"] : []);
    }
  });
});

describe("a message that is taken out", () => {
  test("is never answered, and the one behind it is", async () => {
    const { lanes, addAdmitted, endRun, running } = laneWorld();
    for (const message of ["a1", "a2", "a3"]) await addAdmitted(message);
    expect(lanes.take("a2")?.messageId).toBe("a2");
    await endRun("a1", SETTLED);
    expect(running()).toEqual(["a3"]);
  });

  test("may wait for its next attempt, but may not be in hand or unknown", async () => {
    const { lanes, addAdmitted, endRun } = laneWorld();
    await addAdmitted("a1");
    expect(lanes.take("a1")).toBeUndefined();
    expect(lanes.take("a9")).toBeUndefined();
    await endRun("a1", { retryAt: 5_000 });
    expect(lanes.take("a1")?.messageId).toBe("a1");
    expect(lanes.nextDueAt()).toBeUndefined();
  });
});

test("the counts tell what is being answered and what waits", async () => {
  const { lanes, add, addAdmitted } = laneWorld();
  for (const message of ["a1", "a2", "b1"]) await addAdmitted(message);
  add("c1");
  expect(lanes.counts()).toEqual({ running: 2, waiting: 2 });
});

describe("a message that is held back", () => {
  test("is not decided on, and lets what comes before it go first, once that is known", async () => {
    const { hold, add, admitting, lanes, endAdmission } = laneWorld();
    hold("a2", 60_000);
    add("a2");
    expect(admitting()).toEqual([]);
    add("a1");
    expect(admitting()).toEqual(["a1"]);
    await endAdmission("a1", DROPPED);
    hold("a2", undefined);
    lanes.pump();
    expect(admitting()).toEqual(["a2"]);
  });

  test("holds up its own conversation only", () => {
    const { hold, add, admitting } = laneWorld();
    hold("a1", 60_000);
    for (const message of ["a1", "a2", "b1"]) add(message);
    expect(admitting()).toEqual(["b1"]);
  });

  test("is due when that ends by itself, and not before", () => {
    const { hold, add, lanes, wake, admitting } = laneWorld();
    hold("a1", 60_000);
    add("a1");
    expect(lanes.nextDueAt()).toBe(60_000);
    hold("a1", undefined);
    wake(60_000);
    expect(admitting()).toEqual(["a1"]);
  });
});
