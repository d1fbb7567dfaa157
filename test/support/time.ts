import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Env } from "../../src/env.ts";

/** Runs an account's alarm as one that finds everything overdue, as time would. */
export async function passTime(account: string, ms: number): Promise<void> {
  await runInDurableObject((env as unknown as Env).BOT_ACCOUNT.getByName(account), (object) =>
    at(Date.now() + ms, () => object.alarm()),
  );
}

/** Runs something at a time that stands still, Unix ms. */
export async function at<Result>(time: number, act: () => Promise<Result>): Promise<Result> {
  const real = Date.now;
  try {
    Date.now = () => time;
    return await act();
  } finally {
    Date.now = real;
  }
}
