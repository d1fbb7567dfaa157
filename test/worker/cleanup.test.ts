import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CLEANUP_INTERVAL_MS, RETENTION_MS } from "../../src/limits.ts";
import { objectOf } from "../support/object.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

const world = worldOf("cleanup");
const { inStorage, passTime } = objectOf("cleanup");
const OLD = "cur_0";
/** After everything that a sweep has read. */
const UNSWEPT = "cur_7zzzzzzzzzzzzzzzzzzzzzzzzz";
const LONG_AGO = Date.now() - RETENTION_MS - CLEANUP_INTERVAL_MS;

beforeAll(async () => {
  await world.link();
  await world.answerTo(await world.room.say(world.ada, world.general, "of today"));
  await passTime(60_000);
  await until(async () => ((await world.status()).cursor ?? "") !== "");
});
afterAll(() => abortAllDurableObjects());

function addJournal(sql: SqlStorage, message: string, state: string, cursor = OLD): void {
  sql.exec(
    "INSERT INTO journal (message_id, conversation, cursor, road, seen_at, state, reason, attempts, due_at) VALUES (?, 'c', ?, 'sweep', ?, ?, 'gone', 0, 0)",
    ...[message, cursor, LONG_AGO, state],
  );
}

function addTurn(sql: SqlStorage, message: string, state: string, cursor = OLD): void {
  addJournal(sql, message, "seen", cursor);
  sql.exec(
    "INSERT INTO turns (message_id, conversation, cursor, state, attempts, runs, due_at, admitted_at, settled_at) VALUES (?, 'c', ?, ?, 1, 0, 0, ?, ?)",
    ...[message, cursor, state, LONG_AGO, state === "waiting" ? null : LONG_AGO],
  );
}

function addText(
  sql: SqlStorage,
  nonce: string,
  state: string,
  more: { hash?: string; at?: number } = {},
): void {
  sql.exec(
    "INSERT INTO outbox (nonce, place_kind, place_id, text, request_hash, state, attempts, created_at) VALUES (?, 'channel', 'c', 'a text', ?, ?, 0, ?)",
    ...[nonce, more.hash ?? null, state, more.at ?? LONG_AGO],
  );
}

const left = (table: "journal" | "turns" | "outbox") =>
  inStorage((sql) =>
    sql
      .exec<{ id: string }>(`SELECT ${table === "outbox" ? "nonce" : "message_id"} AS id FROM ${table}`)
      .toArray()
      .map(({ id }) => id)
      .filter((id) => id.includes("old")),
  );

it("forgets what was settled long ago, and keeps what is not, what is dead and what is swept again", async () => {
  await inStorage((sql) => {
    sql.exec("DELETE FROM facts WHERE key = 'cleanedAt'");
    addJournal(sql, "old_dropped", "dropped");
    addJournal(sql, "old_dropped_unswept", "dropped", UNSWEPT);
    addJournal(sql, "old_dead_unread", "dead");
    addJournal(sql, "old_undecided", "seen");
    for (const state of ["answered", "silent", "cancelled", "waiting", "dead"])
      addTurn(sql, `old_${state}`, state);
    addTurn(sql, "old_answered_unswept", "answered", UNSWEPT);
    addText(sql, "old_reply_sent", "sent");
    addText(sql, "old_reply_pending", "pending");
    addText(sql, "old_reply_dead", "dead");
    addText(sql, "old_send_pending", "pending", { hash: "1" });
    addText(sql, "old_named_but_new", "sent", { at: Date.now() });
  });
  await passTime(60_000);
  await until(async () => !(await left("journal")).includes("old_dropped"));
  const turns = ["old_answered_unswept", "old_dead", "old_waiting"];
  expect(await left("turns")).toEqual(turns);
  expect((await left("journal")).sort()).toEqual(
    [...turns, "old_dead_unread", "old_dropped_unswept", "old_undecided"].sort(),
  );
  expect(await left("outbox")).toEqual(["old_named_but_new", "old_reply_dead", "old_reply_pending"]);
});

it("looks through what is settled once in a while, and not at every look at the clock", async () => {
  await inStorage((sql) => sql.exec("DELETE FROM facts WHERE key = 'cleanedAt'"));
  await passTime(0);
  await inStorage((sql) => addJournal(sql, "old_again", "dropped"));
  await passTime(60_000);
  expect(await left("journal")).toContain("old_again");
  await passTime(CLEANUP_INTERVAL_MS + 60_000);
  expect(await left("journal")).not.toContain("old_again");
});

it("keeps what a command said until it is settled, and that it was given as long as any message", async () => {
  await inStorage((sql) => {
    sql.exec("DELETE FROM facts WHERE key = 'cleanedAt'");
    for (const state of ["answered", "waiting", "dead"]) {
      addTurn(sql, `sci_new_${state}`, state, UNSWEPT);
      addCommand(sql, `sci_new_${state}`);
    }
    addJournal(sql, "sci_new_dropped", "dropped", UNSWEPT);
    addCommand(sql, "sci_new_dropped");
    addTurn(sql, "sci_old_answered", "answered");
    addCommand(sql, "sci_old_answered");
  });
  await passTime(60_000);
  const texts = () =>
    inStorage((sql) =>
      Object.fromEntries(
        sql
          .exec<{ trigger_id: string; text: string }>("SELECT trigger_id, text FROM commands")
          .toArray()
          .map(({ trigger_id, text }) => [trigger_id, text]),
      ),
    );
  await until(async () => !("sci_old_answered" in (await texts())));
  expect(await texts()).toEqual({
    sci_new_answered: "",
    sci_new_dropped: "",
    sci_new_waiting: "what is it?",
    sci_new_dead: "what is it?",
  });
});

function addCommand(sql: SqlStorage, trigger: string): void {
  sql.exec("INSERT INTO commands VALUES (?, '/ask', 'what is it?', 'c', 'usr_ada', ?)", trigger, LONG_AGO);
}
