import * as z from "zod";

/* What the tool reads of the Worker's answers; everything else may come and go. The API: docs/api.md. */

const counts = z.record(z.string(), z.number());

const FaultAnswer = z.object({ path: z.string(), found: z.string(), mend: z.string() });

/** An error, RFC 9457. */
export const ProblemAnswer = z.object({
  code: z.string(),
  detail: z.string().optional(),
  field: z.string().optional(),
  faults: z.array(FaultAnswer).optional(),
});
export type ProblemAnswer = z.infer<typeof ProblemAnswer>;

/** Times are Unix ms. What is optional is absent while the configuration lets the account do nothing. */
export const AccountAnswer = z.looseObject({
  id: z.string(),
  name: z.string().optional(),
  configured: z.boolean(),
  enabled: z.boolean(),
  reason: z.string().optional(),
  faults: z.array(FaultAnswer),
  warnings: z.array(FaultAnswer),
  inbound: z.string().optional(),
  link: z
    .object({
      state: z.string(),
      since: z.number(),
      reason: z.string().optional(),
      error: z.string().optional(),
      retryAt: z.number().optional(),
    })
    .optional(),
  identity: z.object({ id: z.string(), handle: z.string(), displayName: z.string() }).optional(),
  workspace: z.object({ id: z.string(), slug: z.string(), name: z.string() }).optional(),
  cursor: z.string().optional(),
  gap: z
    .object({
      at: z.number(),
      uncovered: z.array(z.object({ conversation: z.string(), reason: z.string() })),
    })
    .optional(),
  turns: counts.optional(),
  gateway: z
    .object({
      reachable: z.boolean(),
      since: z.number().optional(),
      reason: z.string().optional(),
      error: z.string().optional(),
      retryAt: z.number().optional(),
    })
    .optional(),
  dead: counts.optional(),
  audit: z.object({ since: z.number(), messages: z.number(), repaired: z.number() }).optional(),
  callbacks: z
    .object({
      refused: z.array(
        z.object({ kind: z.string(), reason: z.string(), count: z.number(), lastAt: z.number() }),
      ),
    })
    .optional(),
});
export type AccountAnswer = z.infer<typeof AccountAnswer>;

export const AccountsAnswer = z.object({ defaultAccount: z.string(), accounts: z.array(AccountAnswer) });
export type AccountsAnswer = z.infer<typeof AccountsAnswer>;

const Reply = z.object({
  state: z.string(),
  message: z.string().optional(),
  attempts: z.number(),
  error: z.string().optional(),
  storedAt: z.number(),
});

/** What became of one message. Times are Unix ms. */
export const StoryAnswer = z.looseObject({
  message: z.string(),
  conversation: z.string(),
  state: z.string(),
  reason: z.string().optional(),
  admittedAs: z.string().optional(),
  setting: z.string().optional(),
  command: z.string().optional(),
  error: z.string().optional(),
  roads: z.array(z.string()),
  correlationId: z.string().optional(),
  seenAt: z.number(),
  admittedAt: z.number().optional(),
  settledAt: z.number().optional(),
  fetchFailures: z.number(),
  attempts: z.number(),
  failedRuns: z.number(),
  run: z.object({ id: z.string(), session: z.string() }).optional(),
  replies: z.array(Reply),
  notice: Reply.optional(),
});
export type StoryAnswer = z.infer<typeof StoryAnswer>;

export const DeadAnswer = z.object({
  dead: z.array(
    z.object({
      message: z.string(),
      conversation: z.string(),
      stage: z.string(),
      reason: z.string(),
      error: z.string(),
      attempts: z.number(),
      since: z.number(),
    }),
  ),
});
export type DeadItem = z.infer<typeof DeadAnswer>["dead"][number];

export const DeadActionAnswer = z.object({ message: z.string(), state: z.string() });
export type DeadActionAnswer = z.infer<typeof DeadActionAnswer>;

export const SendAnswer = z.object({
  id: z.string(),
  account: z.string(),
  to: z.string(),
  state: z.string(),
  messageId: z.string().optional(),
});
export type SendAnswer = z.infer<typeof SendAnswer>;

/** What became of a send. Times are Unix ms. */
export const SendStateAnswer = SendAnswer.extend({
  code: z.string().optional(),
  detail: z.string().optional(),
  attempts: z.number(),
  createdAt: z.number(),
  retryAt: z.number().optional(),
});
export type SendStateAnswer = z.infer<typeof SendStateAnswer>;

/** Open to everyone. */
export const ReadyAnswer = z.object({
  ready: z.boolean(),
  reason: z.string().optional(),
  accounts: z.record(z.string(), z.object({ ready: z.boolean(), reason: z.string().optional() })).optional(),
  faults: z.array(FaultAnswer).optional(),
});
export type ReadyAnswer = z.infer<typeof ReadyAnswer>;
