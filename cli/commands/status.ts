import { cursorTimeMs } from "../../src/domain/cursor.ts";
import { type WorkerFlags, withExamples, withWorker, workerOf } from "../options.ts";
import { outputFor } from "../output.ts";
import { EXIT } from "../problem.ts";
import type { AddCommand } from "../program.ts";
import { type Concern, concernsOf } from "../status/concerns.ts";
import { tableLines } from "../table.ts";
import { span } from "../times.ts";
import type { AccountAnswer } from "../worker/answers.ts";

const HEADING = ["ACCOUNT", "BOT", "CLICKCLACK", "READ UP TO", "RUNNING", "WAITING", "ANSWERED", "OPENCLAW"];

/** `status`: the accounts, and what is not well. */
export const addStatus: AddCommand = (program, host, end) => {
  const status = program
    .command("status")
    .description("Shows the accounts and what is not well. Ends with code 1 when something is not.")
    .argument("[account]", "one of them; all otherwise");
  withExamples(withWorker(status), "status", "status service", "status --json").action(
    async (id: string | undefined, flags: WorkerFlags) => {
      const worker = await workerOf(host, flags);
      const accounts = id === undefined ? (await worker.accounts()).accounts : [await worker.account(id)];
      const now = Date.now();
      const views = accounts.map((account) => ({ ...account, concerns: concernsOf(account, now) }));
      const isWell = views.every(({ concerns }) => !concerns.some(({ isFault }) => isFault));

      const output = outputFor(host, flags.json ?? false);
      const rows = accounts.map((account) => rowOf(account, now));
      for (const line of tableLines(HEADING, rows, host.columns)) output.line(line);
      for (const view of views) for (const line of linesOf(view)) output.line(line);
      output.json({ well: isWell, accounts: views });
      end(isWell ? EXIT.ok : EXIT.failed);
    },
  );
};

function rowOf(account: AccountAnswer, now: number): string[] {
  const { id, enabled, identity, workspace, link, cursor, turns, gateway } = account;
  const bot = identity && `@${identity.handle || identity.displayName} in ${workspace?.name}`;
  const eventAt = cursor === undefined ? undefined : cursorTimeMs(cursor);
  return [
    id,
    bot ?? "–",
    enabled ? (link === undefined ? "–" : `${link.state} ${span(now - link.since)}`) : "disabled",
    eventAt === undefined ? "–" : `${span(now - eventAt)} ago`,
    ...[turns?.running, turns?.waiting, turns?.answered].map((count) => `${count ?? "–"}`),
    gateway === undefined ? "–" : gateway.reachable ? "reachable" : "out of reach",
  ];
}

function linesOf({ id, concerns }: { id: string; concerns: readonly Concern[] }): string[] {
  if (concerns.length === 0) return [];
  return ["", id, ...concerns.map(({ isFault, text }) => `  ${isFault ? "✗" : "!"} ${text}`)];
}
