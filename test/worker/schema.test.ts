import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { migrate } from "../../src/account/schema.ts";
import { replyNonce } from "../../src/domain/nonce.ts";
import { gatewayOf } from "../support/control.ts";
import { eventLog, eventOf } from "../support/events.ts";
import { objectOf } from "../support/object.ts";
import { until } from "../support/wait.ts";
import { readWorker, worldOf } from "../support/world.ts";

const world = worldOf("migration");
const gateway = gatewayOf("migration");
const { inStorage, passTime, stub } = objectOf("migration");
const TABLES = [
  ...["facts", "journal", "turns", "outbox", "commands", "refusals"],
  ...["fresh_starts", "bot_pairs", "schema_steps"],
];

/** The first step as it was released. A frozen copy: it stays as it is, whatever becomes of the tables. */
const FIRST_STEP = `
  CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE journal (
    message_id TEXT PRIMARY KEY,
    conversation TEXT NOT NULL,
    cursor TEXT NOT NULL,
    road TEXT NOT NULL,
    correlation_id TEXT,
    seen_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    attempts INTEGER NOT NULL,
    due_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE turns (
    message_id TEXT PRIMARY KEY,
    conversation TEXT NOT NULL,
    cursor TEXT NOT NULL,
    correlation_id TEXT,
    state TEXT NOT NULL,
    reason TEXT,
    attempts INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    session_key TEXT,
    run_id TEXT,
    settled_at INTEGER
  ) WITHOUT ROWID;
  CREATE TABLE outbox (
    nonce TEXT PRIMARY KEY,
    place_kind TEXT NOT NULL,
    place_id TEXT NOT NULL,
    quote TEXT,
    text TEXT NOT NULL,
    request_hash TEXT,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    error TEXT,
    posted_id TEXT,
    created_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE schema_steps (step INTEGER PRIMARY KEY);
  INSERT INTO schema_steps (step) VALUES (1);
`;

let posting: string;
let waiting: string;

beforeAll(async () => {
  posting = await world.room.say(world.ada, world.general, "answered before the upgrade");
  waiting = await world.room.say(world.ada, world.general, "waiting since before the upgrade");
  const [first, second] = [await eventOf(world, posting), await eventOf(world, waiting)];
  const { tail_cursor: tail } = await eventLog(world);
  const identity = {
    apiBaseUrl: inject("clickclackUrl"),
    botUserId: world.bot.id,
    handle: "bot",
    displayName: "Bot",
    workspaceId: world.room.workspaceId,
    workspaceName: "Room of migration",
    workspaceSlug: "migration",
  };
  await inStorage((sql) => {
    for (const table of TABLES) sql.exec(`DROP TABLE ${table}`);
    sql.exec(FIRST_STEP);
    for (const [key, value] of Object.entries({ identity, cursor: tail, floor: "" }))
      sql.exec("INSERT INTO facts VALUES (?, ?)", key, JSON.stringify(value));
    for (const [message, cursor, state] of [
      [posting, first.cursor, "running"],
      [waiting, second.cursor, "waiting"],
    ] as const) {
      sql.exec(
        "INSERT INTO journal VALUES (?, ?, ?, 'realtime', NULL, ?, 'seen', NULL, 0, 0)",
        ...[message, world.general, cursor, Date.now()],
      );
      sql.exec(
        "INSERT INTO turns VALUES (?, ?, ?, NULL, ?, NULL, ?, 0, 0, NULL, NULL, NULL)",
        ...[message, world.general, cursor, state, state === "running" ? 1 : 0],
      );
    }
    sql.exec(
      "INSERT INTO outbox VALUES (?, 'channel', ?, ?, 'made before the upgrade', NULL, 'pending', 0, NULL, NULL, ?)",
      ...[replyNonce("migration", posting, 0), world.general, posting, Date.now()],
    );
  });
  await abortAllDurableObjects();
});
afterAll(() => abortAllDurableObjects());

const stateOf = async (message: string) => {
  const response = await readWorker(`/v1/accounts/migration/messages/${message}`);
  return ((await response.json()) as { state: string }).state;
};

/** The columns of all tables. */
const columnsOf = (sql: SqlStorage) =>
  Object.fromEntries(
    TABLES.map((table) => [
      table,
      sql
        .exec(`SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info('${table}') ORDER BY cid`)
        .toArray(),
    ]),
  );

it("what the first version of the tables holds is carried on: the answer posted, the question asked", async () => {
  const away = await gateway.away();
  await world.link();
  expect(await world.answerTo(posting)).toMatchObject({ body: "made before the upgrade" });
  await until(async () => !(await world.status()).gateway.reachable);
  await passTime(61_000);
  expect(await stateOf(waiting)).toMatch(/waiting|running/);

  await away.back();
  await until(async () => {
    await passTime(61_000);
    return (await stateOf(waiting)) === "answered";
  });
  expect(await world.answersTo(waiting)).toHaveLength(1);
  expect(await world.answersTo(posting)).toHaveLength(1);
  expect(await stateOf(posting)).toBe("answered");
  expect(await gateway.askedAbout("answered before the upgrade")).toEqual([]);
});

it("the tables are then those of an account that is new", async () => {
  const [old, fresh] = [await inStorage(columnsOf), await objectOf("disabled").inStorage(columnsOf)];
  expect(old).toEqual(fresh);
  expect(old.turns?.length).toBeGreaterThan(0);
});

it("a second start changes nothing", async () => {
  const contents = (sql: SqlStorage) =>
    ["sqlite_master", "schema_steps", "journal", "turns", "outbox"].map((table) =>
      sql.exec(`SELECT * FROM ${table}`).toArray(),
    );
  const before = await inStorage(contents);
  await abortAllDurableObjects();
  expect(await inStorage(contents)).toEqual(before);
});

it("a step that fails leaves the tables as they were before it, and is made up for at the next start", async () => {
  await runInDurableObject(stub(), (_account, { storage }) => {
    const { sql } = storage;
    for (const table of TABLES) sql.exec(`DROP TABLE ${table}`);
    sql.exec(FIRST_STEP);
    // In the way of the second step's last statement.
    sql.exec("ALTER TABLE outbox ADD COLUMN code TEXT");
    const before = columnsOf(sql);
    expect(() => migrate(storage)).toThrow("duplicate column name: code");
    expect(columnsOf(sql)).toEqual(before);
    sql.exec("ALTER TABLE outbox DROP COLUMN code");
    migrate(storage);
    expect(columnsOf(sql)).not.toEqual(before);
  });
});
