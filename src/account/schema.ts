/**
 * The tables of one account, as steps: a step is never changed once released, a new one is added behind it.
 *
 * `WITHOUT ROWID` because every index is a row written, and rows written are what storage costs. What waits is found by
 * one scan at the start of the object and kept in memory from then on, so no index by state is needed.
 */
const STEPS: readonly string[] = [
  `
  -- Single facts, one a key: the cursor, the identity it belongs to, a lost interval.
  CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

  -- One row a message that the bot was told of, whichever road told it.
  CREATE TABLE journal (
    message_id TEXT PRIMARY KEY,
    conversation TEXT NOT NULL,
    cursor TEXT NOT NULL,          -- order within the conversation
    road TEXT NOT NULL,            -- the road that came first
    correlation_id TEXT,
    seen_at INTEGER NOT NULL,      -- Unix ms
    state TEXT NOT NULL,           -- seen (has a turn once admitted) | dropped | dead
    reason TEXT,                   -- why dropped, or the error of a dead one
    attempts INTEGER NOT NULL,     -- failed fetches
    due_at INTEGER NOT NULL        -- next fetch, Unix ms
  ) WITHOUT ROWID;

  -- One row an admitted message.
  CREATE TABLE turns (
    message_id TEXT PRIMARY KEY,
    conversation TEXT NOT NULL,
    cursor TEXT NOT NULL,
    correlation_id TEXT,
    state TEXT NOT NULL,           -- waiting | running | answered | silent | cancelled | dead
    reason TEXT,                   -- why silent or cancelled, or the last error
    attempts INTEGER NOT NULL,     -- times it was begun
    runs INTEGER NOT NULL,         -- of them, how many reached the agent and failed
    due_at INTEGER NOT NULL,       -- next attempt of a waiting turn, Unix ms
    session_key TEXT,              -- agent mode: where the run's answer can be looked up
    run_id TEXT,
    settled_at INTEGER             -- Unix ms
  ) WITHOUT ROWID;

  -- One row a text that is posted: a part of a reply, or an outbound send. Stored before it is posted, an answer in one part while it is.
  CREATE TABLE outbox (
    nonce TEXT PRIMARY KEY,
    place_kind TEXT NOT NULL,      -- channel | dm | thread
    place_id TEXT NOT NULL,
    quote TEXT,                    -- message quoted
    text TEXT NOT NULL,            -- emptied once sent
    request_hash TEXT,             -- sends: recognises another request under the same key
    state TEXT NOT NULL,           -- pending | sent | dead
    attempts INTEGER NOT NULL,     -- posts that failed
    error TEXT,
    posted_id TEXT,                -- ClickClack's message
    created_at INTEGER NOT NULL    -- Unix ms
  ) WITHOUT ROWID;
  `,
  `
  -- Roads that brought a message after the first one did; the sweep is left out, the cursor tells what it has read.
  ALTER TABLE journal ADD COLUMN also TEXT NOT NULL DEFAULT '';
  ALTER TABLE journal ADD COLUMN error TEXT;                            -- of a dead one; its reason is a word
  ALTER TABLE journal ADD COLUMN retried_at INTEGER;                    -- an operator had a dead one read again, Unix ms

  ALTER TABLE turns ADD COLUMN admitted_at INTEGER NOT NULL DEFAULT 0;  -- Unix ms
  ALTER TABLE turns ADD COLUMN error TEXT;                              -- of the last attempt that failed

  -- Sends only: the target as asked for, whose place is '' until it is resolved; when to try again, for one that is
  -- delivered in the background; the API's error code of one that was given up.
  ALTER TABLE outbox ADD COLUMN target TEXT;
  ALTER TABLE outbox ADD COLUMN due_at INTEGER;
  ALTER TABLE outbox ADD COLUMN code TEXT;
  `,
  `
  -- What waited since before the second step: its time to wait for the gateway would have been over before it began.
  UPDATE turns SET admitted_at = coalesce((SELECT seen_at FROM journal WHERE message_id = turns.message_id), 0)
  WHERE admitted_at = 0;
  `,
  `
  -- In a direct conversation, which no callback ever tells of.
  ALTER TABLE journal ADD COLUMN direct INTEGER NOT NULL DEFAULT 0;
  -- The callbacks that brought it: which secrets they were signed with (current, next or both), and their signatures,
  -- which tell a replay.
  ALTER TABLE journal ADD COLUMN signed_with TEXT;
  ALTER TABLE journal ADD COLUMN signature TEXT;

  -- One row a slash command that was given: it is no message that could be fetched.
  CREATE TABLE commands (
    trigger_id TEXT PRIMARY KEY,
    command TEXT NOT NULL,         -- with its slash
    text TEXT NOT NULL,            -- what was said behind it
    channel_id TEXT NOT NULL,
    user_id TEXT NOT NULL,         -- who gave it
    asked_at INTEGER NOT NULL      -- Unix ms
  ) WITHOUT ROWID;

  -- How many callbacks were refused, and why.
  CREATE TABLE refusals (
    kind TEXT NOT NULL,            -- events | commands
    reason TEXT NOT NULL,
    count INTEGER NOT NULL,
    last_at INTEGER NOT NULL,      -- Unix ms
    PRIMARY KEY (kind, reason)
  ) WITHOUT ROWID;
  `,
  `
  ALTER TABLE journal ADD COLUMN setting TEXT;   -- of a dropped one: the setting that decided it
  ALTER TABLE turns ADD COLUMN admitted_as TEXT; -- why it is answered, and the setting that decided it
  ALTER TABLE turns ADD COLUMN setting TEXT;
  ALTER TABLE turns ADD COLUMN command TEXT;     -- the bot's own command that it is, if it is one

  -- Where a session was begun anew, by the session's place, and the message that asked for it.
  CREATE TABLE fresh_starts (
    place TEXT PRIMARY KEY,
    message_id TEXT NOT NULL,
    at INTEGER NOT NULL            -- when that was written, Unix ms
  ) WITHOUT ROWID;

  -- What another bot has said to this one of late, by conversation and pair.
  CREATE TABLE bot_pairs (
    pair TEXT PRIMARY KEY,
    state TEXT NOT NULL,           -- JSON: the messages that count, and until when all are left alone
    seen_at INTEGER NOT NULL       -- Unix ms
  ) WITHOUT ROWID;
  `,
  `
  -- Sends only: the files that go along, as JSON: where they are to be fetched, or ClickClack's upload. Emptied with the
  -- text, since an address may hold a token.
  ALTER TABLE outbox ADD COLUMN media TEXT;
  `,
];

/**
 * Brings the tables to the newest step. Runs in the object's constructor: synchronous, and within one transaction a
 * step, so that a crash leaves a whole step or none.
 */
export function migrate(storage: DurableObjectStorage): void {
  const { sql } = storage;
  sql.exec("CREATE TABLE IF NOT EXISTS schema_steps (step INTEGER PRIMARY KEY)");
  const done = sql.exec<{ steps: number }>("SELECT count(*) AS steps FROM schema_steps").one().steps;
  STEPS.slice(done).forEach((step, index) => {
    storage.transactionSync(() => {
      sql.exec(step);
      sql.exec("INSERT INTO schema_steps (step) VALUES (?)", done + index + 1);
    });
  });
}
