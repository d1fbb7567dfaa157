import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Env } from "../../src/env.ts";

/** One account's Durable Object from within. */
export function objectOf(account: string) {
  const stub = () => (env as unknown as Env).BOT_ACCOUNT.getByName(account);
  return {
    stub,
    /** Runs statements on its tables. */
    inStorage: <Result>(act: (sql: SqlStorage) => Result) =>
      runInDurableObject(stub(), (_account, { storage }) => act(storage.sql)),
    /** Makes the alarm go off as if so much time had passed: everything that is due by then is done. */
    passTime: (ms: number) =>
      runInDurableObject(stub(), async (object) => {
        const real = Date.now;
        try {
          Date.now = () => real() + ms;
          await object.alarm();
        } finally {
          Date.now = real;
        }
      }),
  };
}
