import { messageCursor } from "../domain/cursor.ts";
import type { Sql } from "./sql.ts";

/** A slash command that somebody gave. */
export interface Command {
  /** Of this one time. */
  triggerId: string;
  /** With its slash. */
  command: string;
  /** What was said behind it. */
  text: string;
  channelId: string;
  /** Who gave it. */
  userId: string;
  /** When it reached us, Unix ms. */
  askedAt: number;
}

/** Where a command stands among the events, by ClickClack's clock if its id tells, else by ours. */
export function cursorOfCommand({ triggerId, askedAt }: Command): string {
  const cursor = messageCursor(triggerId, new Date(askedAt).toISOString());
  if (cursor === undefined) throw new Error(`command ${triggerId} was given at no time`);
  return cursor;
}

type CommandRow = {
  trigger_id: string;
  command: string;
  text: string;
  channel_id: string;
  user_id: string;
  asked_at: number;
};

/** The commands table: what ClickClack has told once and would not tell again. */
export class Commands {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  store({ triggerId, command, text, channelId, userId, askedAt }: Command): void {
    this.#sql.exec(
      `INSERT INTO commands (trigger_id, command, text, channel_id, user_id, asked_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (trigger_id) DO NOTHING`,
      ...[triggerId, command, text, channelId, userId, askedAt],
    );
  }

  find(triggerId: string): Command | undefined {
    const row = this.#sql
      .exec<CommandRow>("SELECT * FROM commands WHERE trigger_id = ?", triggerId)
      .toArray()[0];
    return (
      row && {
        triggerId: row.trigger_id,
        command: row.command,
        text: row.text,
        channelId: row.channel_id,
        userId: row.user_id,
        askedAt: row.asked_at,
      }
    );
  }
}
