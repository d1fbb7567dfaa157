import { expect, test } from "vitest";
import { auditOf, type Brought, type PushRoad } from "../../../src/domain/audit.ts";

const BOTH: PushRoad[] = ["realtime", "callback"];

function came(by: string[], more: Partial<Brought> = {}): Brought {
  return { first: by[0] ?? "", by, direct: false, count: 1, ...more };
}

test("counts what each road brought first", () => {
  const { messages, first } = auditOf(
    [
      came(["realtime", "callback"], { count: 3 }),
      came(["callback", "realtime"]),
      came(["sweep", "callback"]),
    ],
    BOTH,
  );
  expect([messages, first]).toEqual([5, { realtime: 3, callback: 1, sweep: 1 }]);
});

test("counts what one road alone brought where two should have", () => {
  const groups = [
    came(["realtime"], { count: 2 }),
    came(["sweep", "callback"]),
    came(["callback", "realtime"]),
  ];
  expect(auditOf(groups, BOTH)).toMatchObject({ only: { realtime: 2, callback: 1 }, repaired: 0 });
  expect(auditOf([came(["realtime"])], ["realtime"]).only).toEqual({ realtime: 0, callback: 0 });
});

test("counts what no road brought that should have, and leaves out those that need not", () => {
  expect(auditOf([came(["sweep"], { count: 2 }), came(["resync"])], BOTH).repaired).toBe(3);
  // Callbacks never tell of direct conversations: a sweep is how those come.
  expect(auditOf([came(["sweep"], { direct: true })], ["callback"]).repaired).toBe(0);
  expect(auditOf([came(["sweep"], { direct: true })], BOTH).repaired).toBe(1);
  expect(auditOf([came(["realtime"], { direct: true })], BOTH).only.realtime).toBe(0);
});

test("a slash command comes by its own road alone", () => {
  expect(auditOf([came(["command"])], BOTH)).toEqual({
    messages: 1,
    first: { command: 1 },
    only: { realtime: 0, callback: 0 },
    repaired: 0,
  });
});
