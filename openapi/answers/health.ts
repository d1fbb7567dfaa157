import * as z from "zod";
import { Fault, maybe, named } from "./shared.ts";

/** The Worker lives. */
export const Health = named("Health", z.object({ status: z.literal("ok") }));

/** One account's part of readiness. */
export const AccountReadiness = z.object({ ready: z.boolean(), reason: maybe(z.string()) });

/** Whether messages come in for every enabled account. */
export const Readiness = named(
  "Readiness",
  z.object({
    ready: z.boolean(),
    reason: maybe(z.string().describe("why the whole channel is switched off")),
    accounts: maybe(z.record(z.string(), AccountReadiness).describe("the enabled accounts, by id")),
    faults: maybe(z.array(Fault).describe("what of the configuration has to be mended")),
  }),
);

/** ClickClack shows it to whoever gave the command, and to nobody else. */
export const CommandAnswer = named(
  "CommandAnswer",
  z.object({ response_type: z.literal("ephemeral"), text: z.string() }),
);
