import * as z from "zod";
import { until } from "../until.ts";
import type { Stage } from "./stage.ts";

const Status = z.object({
  roads: z.object({ callback: z.object({ first: z.number() }) }),
  dropped: z.record(z.string(), z.number()),
});

/** Waits until the account has been up, so that it knows who it is. @throws when that takes too long */
export function isUp({ edge }: Stage): Promise<void> {
  return until(async () => (await fetch(`${edge}/readyz`)).ok);
}

/**
 * Waits until nothing is left to do for what was sent, so that it takes nothing from whoever is measured next.
 *
 * @param sent callbacks since the account was started
 * @throws when some were not journaled, or it takes too long
 */
export function isSettled({ edge, apiToken }: Stage, sent: number): Promise<void> {
  return until(async () => {
    const headers = { authorization: `Bearer ${apiToken}` };
    const { roads, dropped } = Status.parse(
      await (await fetch(`${edge}/v1/accounts/default`, { headers })).json(),
    );
    if (roads.callback.first !== sent)
      throw new Error(`${sent} callbacks were sent and ${roads.callback.first} journaled`);
    return Object.values(dropped).reduce((sum, count) => sum + count, 0) === sent;
  });
}
