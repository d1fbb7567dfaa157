import * as z from "zod";
import { Problem } from "../problem.ts";
import { AccountAnswer, type ReadyAnswer } from "../worker/answers.ts";
import type { WorkerClient } from "../worker.ts";
import { once } from "./once.ts";

const Owner = z.object({
  id: z.string(),
  handle: z.exactOptional(z.string()),
  name: z.exactOptional(z.string()),
});
const Counted = z.object({ kind: z.string(), count: z.number(), lastAt: z.number() });

/** An account as the Worker shows it, with what else is looked at here. Times are Unix ms. */
const AccountView = AccountAnswer.extend({
  identity: z
    .object({ id: z.string(), handle: z.string(), displayName: z.string(), owner: Owner.optional() })
    .optional(),
  callbacks: z
    .object({
      accepted: z.array(Counted.extend({ secret: z.string() })),
      refused: z.array(Counted.extend({ reason: z.string() })),
    })
    .optional(),
});
export type AccountView = z.infer<typeof AccountView>;

const AccountsView = z.object({ accounts: z.array(AccountView) });

/** What the Worker says of itself; each thing is asked once. */
export interface WorkerSide {
  readonly client: WorkerClient;
  /** @returns the problem that there was */
  ready(): Promise<ReadyAnswer | Problem>;
  /** Its accounts by id. @returns the problem that there was */
  accounts(): Promise<ReadonlyMap<string, AccountView> | Problem>;
  /** One of them as it is now. @returns the problem that there was */
  look(id: string): Promise<AccountView | Problem>;
}

export function workerSide(client: WorkerClient): WorkerSide {
  return {
    client,
    ready: once(() => problemOr(client.ready())),
    accounts: once(() =>
      problemOr(
        client
          .call({ path: "/v1/accounts", token: "EDGE_API_TOKEN", answer: AccountsView })
          .then(({ accounts }) => new Map(accounts.map((account) => [account.id, account]))),
      ),
    ),
    look: (id) =>
      problemOr(
        client.call({
          path: `/v1/accounts/${encodeURIComponent(id)}`,
          token: "EDGE_API_TOKEN",
          answer: AccountView,
        }),
      ),
  };
}

/** @throws what is no problem */
async function problemOr<Value>(asked: Promise<Value>): Promise<Value | Problem> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
