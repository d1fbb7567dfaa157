import * as z from "zod";
import { count, maybe, named, Road, TurnState, unixMs } from "./shared.ts";

/** One part of an answer, as it is stored before it is posted. */
export const StoredReply = named(
  "StoredReply",
  z.object({
    state: z.enum(["pending", "sent", "dead"]),
    message: maybe(z.string().describe("ClickClack's message, once it is posted")),
    attempts: count().describe("posts that failed"),
    error: maybe(z.string().describe("of the last one that failed")),
    storedAt: unixMs("when it was stored"),
  }),
);

/** The whole story of one message. */
export const Story = named(
  "Story",
  z.object({
    message: z.string().describe("`msg_…`, or `sci_…` for a slash command"),
    conversation: z.string().describe("its channel, its thread's root or its direct conversation"),
    state: z
      .enum(["undecided", "dropped", ...TurnState.options])
      .describe("`undecided` until it was read and admitted or dropped; a turn's state from then on"),
    reason: maybe(
      z
        .string()
        .describe("why it was dropped, is silent, cancelled or dead, or why its last try failed, as a word"),
    ),
    admittedAs: maybe(
      z.enum(["direct", "mention", "pattern", "command", "open"]).describe("why it is answered"),
    ),
    setting: maybe(
      z.string().describe("the setting that decided whether it is answered, as a path into the document"),
    ),
    command: maybe(
      z.enum(["new", "reset", "stop", "status", "help"]).describe("the bot's own command that it is"),
    ),
    error: maybe(z.string().describe("the last failure, also of a message that was answered in the end")),
    roads: z.array(Road).describe("what brought it, the first one first"),
    cursor: z.string().describe("its place in ClickClack's events"),
    correlationId: maybe(z.string().describe("as ClickClack's own log has it")),
    seenAt: unixMs("when it was first told of"),
    admittedAt: maybe(unixMs("when it was decided that it is answered")),
    settledAt: maybe(unixMs("when it came to its end")),
    fetchFailures: count().describe("times that it could not be read"),
    attempts: count().describe("times that it was begun"),
    failedRuns: count().describe("how many of those reached the agent and failed there"),
    run: maybe(
      z
        .object({ id: z.string(), session: z.string() })
        .describe("in agent mode: where the gateway keeps what became of the last run"),
    ),
    replies: z.array(StoredReply).describe("the parts of its answer"),
    notice: maybe(StoredReply.describe("what its author was told while no agent could be reached")),
  }),
);

/** A message that was given up. */
export const DeadLetter = named(
  "DeadLetter",
  z.object({
    message: z.string(),
    conversation: z.string(),
    stage: z
      .enum(["read", "ask", "post"])
      .describe("what could not be done: read it, have it answered, or post the answer"),
    reason: z.string(),
    error: z.string(),
    attempts: count(),
    since: unixMs("when it was given up; for one that could not be read, when it was first seen"),
  }),
);

/** The messages that were given up. */
export const DeadLetters = named("DeadLetters", z.object({ dead: z.array(DeadLetter).max(200) }));

/** What an operator's action has made of a message. */
export const Acted = named(
  "Acted",
  z.object({ message: z.string(), state: z.enum(["waiting", "discarded"]) }),
);
