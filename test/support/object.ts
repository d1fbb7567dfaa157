import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Env } from "../../src/env.ts";
import { passTime } from "./time.ts";

/** One account's Durable Object from within. */
export function objectOf(account: string) {
  const stub = () => (env as unknown as Env).BOT_ACCOUNT.getByName(account);
  return {
    stub,
    /** Runs statements on its tables. */
    inStorage: <Result>(act: (sql: SqlStorage) => Result) =>
      runInDurableObject(stub(), (_account, { storage }) => act(storage.sql)),
    /** Makes the alarm go off as if so much time had passed: everything that is due by then is done. */
    passTime: (ms: number) => passTime(account, ms),
  };
}
