import * as z from "zod";
import { CallbackKind, count, each, Fault, maybe, named, Road, TurnState, unixMs } from "./shared.ts";

const byReason = (what: string) => z.record(z.string(), count()).describe(`${what}, by reason`);

/** Where an account's way to its messages stands. */
export const Link = named(
  "Link",
  z.object({
    state: z
      .enum(["down", "connecting", "linked", "sweeping", "reconnecting", "refused"])
      .describe("messages come in while it is `linked` or `sweeping`"),
    since: unixMs("when it came to be so"),
    reason: maybe(z.string().describe("why it is not up, as a word")),
    error: maybe(z.string()),
    retryAt: maybe(unixMs("when it is tried again")),
  }),
);

/** Who the bot is, as last seen. */
export const Identity = z.object({
  id: z.string(),
  handle: z.string(),
  displayName: z.string(),
  owner: maybe(
    z
      .object({ id: z.string(), handle: maybe(z.string()), name: maybe(z.string()) })
      .describe("of a bot that belongs to a person: who"),
  ),
});

/** An interval whose events could not be read. */
export const Gap = named(
  "Gap",
  z.object({
    fromCursor: z.string(),
    toCursor: z.string(),
    at: unixMs("when it was found"),
    uncovered: z
      .array(
        z.object({
          conversation: z.string(),
          reason: z.enum([
            "more_pages",
            "more_replies",
            "more_threads",
            "more_conversations",
            "old_threads",
            "unreadable",
            "no_time",
          ]),
        }),
      )
      .describe("what the message lists could not show of it; empty when everything was read"),
  }),
);

/** Where the way to the gateway stands. */
export const GatewayStatus = named(
  "GatewayStatus",
  z.object({
    reachable: z.boolean().describe("as of the last question"),
    since: maybe(unixMs("since when it is not")),
    reason: maybe(z.string()),
    error: maybe(z.string()),
    retryAt: maybe(unixMs("when it is tried again; until then every question waits")),
    told: maybe(count().describe("conversations that were told")),
  }),
);

/** What each road brought and let pass. */
export const Audit = named(
  "Audit",
  z.object({
    since: unixMs("the beginning"),
    messages: count(),
    first: z.record(z.string(), count()).describe("how many each road brought before any other"),
    only: each(["realtime", "callback"], count()).describe(
      "how many came by this road alone of two that should have brought them",
    ),
    repaired: count().describe("how many came over no road that should have brought them"),
  }),
);

/** Signed callbacks, over all lives of the object. */
export const CallbackCounts = named(
  "CallbackCounts",
  z.object({
    accepted: z
      .array(
        z.object({
          kind: CallbackKind,
          secret: z.enum(["current", "next"]).describe("what they were signed with"),
          count: count(),
          lastAt: unixMs("the last one"),
        }),
      )
      .describe("those that told of a message that is remembered"),
    refused: z.array(
      z.object({
        kind: CallbackKind,
        reason: z.string(),
        count: count(),
        lastAt: unixMs("the last one"),
      }),
    ),
  }),
);

/** What an account can say of itself while it can be used. */
const status = {
  inbound: maybe(z.enum(["realtime", "callbacks", "both"]).describe("how messages come in")),
  link: maybe(Link),
  identity: maybe(Identity.describe("who the bot is; absent before the first start")),
  workspace: maybe(z.object({ id: z.string(), slug: z.string(), name: z.string() })),
  cursor: maybe(z.string().describe("everything up to here was taken in")),
  gap: maybe(Gap.describe("the last interval whose events could not be read")),
  turns: maybe(each(TurnState.options, count()).describe("messages that are answered, by state")),
  gateway: maybe(GatewayStatus),
  dropped: maybe(byReason("messages that got no turn")),
  silent: maybe(byReason("turns without an answer")),
  cancelled: maybe(byReason("turns that were not finished")),
  dead: maybe(byReason("what was given up")),
  roads: maybe(
    each(Road.options, z.object({ first: count(), again: count() })).describe(
      "what each road brought first or again, since the object started",
    ),
  ),
  audit: maybe(Audit),
  callbacks: maybe(CallbackCounts),
};

/** An account as an operator sees it. */
export const Account = named(
  "Account",
  z.object({
    id: z.string(),
    name: maybe(z.string()),
    configured: z.boolean().describe("whether it has all that it needs to talk to ClickClack"),
    enabled: z.boolean(),
    reason: maybe(z.string().describe("why it does not answer, when the configuration is why")),
    faults: z.array(Fault).readonly().describe("what has to be mended"),
    warnings: z.array(Fault).readonly().describe("what is passed over and stops nothing"),
    ...status,
  }),
);

/** Every account. */
export const Accounts = named(
  "Accounts",
  z.object({
    defaultAccount: z.string().describe("the account of a send that names none"),
    accounts: z.array(Account),
  }),
);
