import * as z from "zod";
import { Account, Accounts } from "../answers/account.ts";
import { Acted, DeadLetters, Story } from "../answers/story.ts";
import { type Operation, type Parameter, TOKEN_PROBLEMS } from "../operation.ts";

/** The account that a path names. */
export const accountId = (name: string): Parameter => ({
  name,
  in: "path",
  description: "Account id, read as OpenClaw reads it: in lower case, other characters as dashes",
  schema: z.string().min(1),
  example: "scout",
});

const messageId = (example: string): Parameter => ({
  name: "messageId",
  in: "path",
  description:
    "ClickClack's message, by its id, `msg_…`, or by a link to it; or a slash command by its trigger id, `sci_…`",
  schema: z.string().min(1),
  example,
});

const MESSAGE = "msg_01m88ztfzg6x9ya5v08vk8p48r";
const CHANNEL = "chn_01m88ztdxm9bmbzmqne3k0t3c2";
const OF_ACCOUNT = [...TOKEN_PROBLEMS, "account_not_found"] as const;
/** A link is looked up at ClickClack. */
const OF_MESSAGE = [...OF_ACCOUNT, "message_not_found", "clickclack_unavailable"] as const;

const SCOUT = {
  id: "scout",
  name: "Scout",
  configured: true,
  enabled: true,
  faults: [],
  warnings: [],
  inbound: "realtime",
  link: { state: "linked", since: 1795598139327 },
  identity: { id: "usr_01m88ztdxm9bmbzmqndrpftk9d", handle: "scout", displayName: "Scout" },
  workspace: { id: "wsp_01m88ztdxk7j1p6v2jpppsr9am", slug: "harbour", name: "Harbour" },
  cursor: "cur_01m88ztfwv0pb4yh2zc6rzmjy7",
  turns: { waiting: 0, running: 0, answered: 4, silent: 0, cancelled: 0, dead: 0 },
  gateway: { reachable: true },
  dropped: { not_mentioned: 2 },
  silent: {},
  cancelled: {},
  dead: {},
  roads: {
    realtime: { first: 6, again: 0 },
    callback: { first: 0, again: 0 },
    sweep: { first: 0, again: 0 },
    resync: { first: 0, again: 0 },
    command: { first: 0, again: 0 },
  },
  audit: {
    since: 1795598139349,
    messages: 6,
    first: { realtime: 6 },
    only: { realtime: 0, callback: 0 },
    repaired: 0,
  },
  callbacks: { accepted: [], refused: [] },
};

export const accounts: readonly Operation[] = [
  {
    id: "listAccounts",
    method: "get",
    path: "/v1/accounts",
    tag: "Accounts",
    summary: "What every account is doing",
    security: "api",
    answers: {
      200: {
        description: "Every account, also those that are disabled or have faults",
        content: {
          type: "application/json",
          schema: Accounts,
          example: { defaultAccount: "scout", accounts: [SCOUT] },
        },
      },
    },
    problems: TOKEN_PROBLEMS,
  },
  {
    id: "getAccount",
    method: "get",
    path: "/v1/accounts/{id}",
    tag: "Accounts",
    summary: "What one account is doing",
    security: "api",
    parameters: [accountId("id")],
    answers: {
      200: {
        description: "The account",
        content: { type: "application/json", schema: Account, example: SCOUT },
      },
    },
    problems: OF_ACCOUNT,
  },
  {
    id: "followLog",
    method: "get",
    path: "/v1/accounts/{id}/log",
    tag: "Accounts",
    summary: "An account's log, as it is written",
    description:
      "Server-Sent Events without end: first the last lines that the account's object remembers, then those to come. The data of each is one JSON object, with `at` (Unix milliseconds), `event`, `account` and what else belongs to the event; never a text or a secret. A line `log:missed` says how many `lines` a reader was too slow for.",
    security: "api",
    parameters: [
      accountId("id"),
      {
        name: "Last-Event-ID",
        in: "header",
        description: "The `id` of the last line that the reader has: it goes on behind it",
        schema: z.string(),
        example: "1795598139319-7",
      },
    ],
    answers: {
      200: {
        description: "The log",
        content: {
          type: "text/event-stream",
          example:
            'id: 1795598139319-7\ndata: {"at":1795598139784,"event":"turn:answered","account":"scout","message":"msg_01m88ztfzg6x9ya5v08vk8p48r","reply":"msg_01m88ztgb62p2ektgbc0j2a3s9"}\n\n',
        },
      },
    },
    problems: OF_ACCOUNT,
  },
  {
    id: "getStory",
    method: "get",
    path: "/v1/accounts/{id}/messages/{messageId}",
    tag: "Messages",
    summary: "The whole story of one message",
    description:
      "Why it was answered or not, what brought it, and what became of the answer. Never its text.",
    security: "api",
    parameters: [accountId("id"), messageId(MESSAGE)],
    answers: {
      200: {
        description: "The story",
        content: {
          type: "application/json",
          schema: Story,
          example: {
            message: MESSAGE,
            conversation: CHANNEL,
            state: "answered",
            admittedAs: "mention",
            setting: "channels.clickclack.requireMention",
            roads: ["realtime", "sweep"],
            cursor: "cur_01m88ztfzg6x9ya5v09071xecc",
            correlationId: "corr_a33f6f1023473b24c949e7841d44af47",
            seenAt: 1795598139383,
            admittedAt: 1795598139406,
            settledAt: 1795598139784,
            fetchFailures: 0,
            attempts: 1,
            failedRuns: 0,
            run: {
              id: "chatcmpl_c81bb554-2816-4fac-b8fb-1a46318f28ed",
              session: `agent:scout:clickclack:channel:channel:${CHANNEL}`,
            },
            replies: [
              {
                state: "sent",
                message: "msg_01m88ztgb62p2ektgbc0j2a3s9",
                attempts: 0,
                storedAt: 1795598139744,
              },
            ],
          },
        },
      },
    },
    problems: [...OF_MESSAGE],
  },
  {
    id: "listDead",
    method: "get",
    path: "/v1/accounts/{id}/dead",
    tag: "Messages",
    summary: "The messages that were given up",
    description: "The newest first, 200 at most. They are kept for 30 days, until somebody acts.",
    security: "api",
    parameters: [accountId("id")],
    answers: {
      200: {
        description: "The messages",
        content: {
          type: "application/json",
          schema: DeadLetters,
          example: {
            dead: [
              {
                message: MESSAGE,
                conversation: CHANNEL,
                stage: "ask",
                reason: "request_refused",
                error: "request_refused: 400 unknown image type",
                attempts: 1,
                since: 1795598139417,
              },
            ],
          },
        },
      },
    },
    problems: OF_ACCOUNT,
  },
  {
    id: "retryDead",
    method: "post",
    path: "/v1/accounts/{id}/dead/{messageId}/retry",
    tag: "Messages",
    summary: "Have a message tried again that was given up",
    description:
      "From where it failed, with all its attempts: an answer that was made is posted, not made again.",
    security: "admin",
    parameters: [accountId("id"), messageId(MESSAGE)],
    answers: {
      200: {
        description: "It is tried again",
        content: {
          type: "application/json",
          schema: Acted,
          example: { message: MESSAGE, state: "waiting" },
        },
      },
    },
    problems: [...OF_MESSAGE, "not_dead", "too_many_attempts"],
  },
  {
    id: "discardDead",
    method: "post",
    path: "/v1/accounts/{id}/dead/{messageId}/discard",
    tag: "Messages",
    summary: "Let a message go that was given up",
    description: "What was to be posted is deleted.",
    security: "admin",
    parameters: [accountId("id"), messageId(MESSAGE)],
    answers: {
      200: {
        description: "It is let go",
        content: {
          type: "application/json",
          schema: Acted,
          example: { message: MESSAGE, state: "discarded" },
        },
      },
    },
    problems: [...OF_MESSAGE, "not_dead", "too_many_attempts"],
  },
];
