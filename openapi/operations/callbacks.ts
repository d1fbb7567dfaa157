import * as z from "zod";
import { CommandCallback, EventCallback, TIMESTAMP } from "../../src/clickclack/callback.ts";
import { CommandAnswer } from "../answers/health.ts";
import type { Operation, Parameter } from "../operation.ts";
import { accountId } from "./accounts.ts";

/** The signature beside it is what the operation is secured with. */
const timestamp: Parameter = {
  name: "X-ClickClack-Timestamp",
  in: "header",
  description: "Unix seconds, no further than `edge.callbackWindow` from the Worker's own time",
  schema: z.string().regex(TIMESTAMP),
  required: true,
  example: "1795598157",
};

const WORKSPACE = "wsp_01m88ztdxk7j1p6v2jpppsr9am";
const CHANNEL = "chn_01m88ztdxm9bmbzmqne3k0t3c2";

export const callbacks: readonly Operation[] = [
  {
    id: "takeEvent",
    method: "post",
    path: "/clickclack/{account}/events",
    tag: "Callbacks",
    summary: "ClickClack tells of an event",
    description:
      "For ClickClack's event subscriptions alone, which want `message.created` and `thread.reply_created`. Everything that is refused is refused alike.",
    security: "clickclack",
    parameters: [accountId("account"), timestamp],
    body: {
      description: "What of an event is read; there is more in it. At most 256 KiB.",
      schema: EventCallback,
      examples: {
        message: {
          summary: "A message in a channel",
          value: {
            subscription_id: "sub_01m8b4m4wq7f4d2s9yxh5r0z3e",
            event: {
              cursor: "cur_01m88ztfzg6x9ya5v09071xecc",
              type: "message.created",
              workspace_id: WORKSPACE,
              channel_id: CHANNEL,
              payload: { message_id: "msg_01m88ztfzg6x9ya5v08vk8p48r" },
            },
          },
        },
      },
    },
    answers: { 202: { description: "It is written down, or concerns nobody" } },
    problems: ["callback_refused", "internal"],
  },
  {
    id: "takeCommand",
    method: "post",
    path: "/clickclack/{account}/commands",
    tag: "Callbacks",
    summary: "ClickClack tells of a slash command",
    description:
      "For ClickClack's slash commands alone. The answer to the question is posted in the channel later.",
    security: "clickclack",
    parameters: [accountId("account"), timestamp],
    body: {
      description: "What of a command is read; there is more in it. At most 256 KiB.",
      schema: CommandCallback,
      examples: {
        question: {
          summary: "/ask what time is it",
          value: {
            bot_user_id: "usr_01m88ztdxm9bmbzmqndy0yg7zk",
            channel_id: CHANNEL,
            command: "/ask",
            command_id: "cmd_01m8b4m4x2h0vne1ja0a1d6y4t",
            text: "what time is it",
            trigger_id: "sci_01m8b4m6c9e0xv4d3g9f5t8w1k",
            user_id: "usr_01m88ztdxk7j1p6v2jpqmg6rvj",
            workspace_id: WORKSPACE,
          },
        },
      },
    },
    answers: {
      200: {
        description: "What whoever gave it is shown: that it is taken, or why it is not",
        content: {
          type: "application/json",
          schema: CommandAnswer,
          example: { response_type: "ephemeral", text: "Asked. The answer will stand here in a moment." },
        },
      },
    },
    problems: ["callback_refused", "internal"],
  },
];
