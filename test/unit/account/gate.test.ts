import { expect, it } from "vitest";
import { Gate } from "../../../src/account/gate.ts";

/** Something to be done, whose end is in our hand. */
function task(name: string, log: string[]) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const act = () => {
    log.push(name);
    return promise;
  };
  return { act, end: () => resolve(name), fail: () => reject(new Error(name)) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

it("lets so many in at once, and the others in their order as places become free", async () => {
  const [gate, log] = [new Gate(2, 10), [] as string[]];
  const tasks = ["a", "b", "c", "d"].map((name) => task(name, log));
  const passed = tasks.map(({ act }) => gate.pass(act));
  await settled();
  expect(log).toEqual(["a", "b"]);
  tasks[1]?.end();
  await settled();
  expect(log).toEqual(["a", "b", "c"]);
  for (const { end } of tasks) end();
  expect(await Promise.all(passed)).toEqual(["a", "b", "c", "d"]);
});

it("gives a place back that failed", async () => {
  const [gate, log] = [new Gate(1, 10), [] as string[]];
  const [first, second, third] = [task("a", log), task("b", log), task("c", log)];
  const failed = expect(gate.pass(first.act)).rejects.toThrow("a");
  const waited = gate.pass(second.act);
  first.fail();
  await failed;
  second.end();
  expect(await waited).toBe("b");
  third.end();
  expect(await gate.pass(third.act)).toBe("c");
});

it("turns away who would have to wait behind too many", async () => {
  const [gate, log] = [new Gate(1, 1), [] as string[]];
  const tasks = ["a", "b", "c"].map((name) => task(name, log));
  const passed = tasks.map(({ act }) => gate.pass(act));
  expect(await passed[2]).toBeUndefined();
  for (const { end } of tasks) end();
  expect(await Promise.all(passed)).toEqual(["a", "b", undefined]);
  expect(log).toEqual(["a", "b"]);
});
