import * as z from "zod";
import { SEND_ID } from "../../src/domain/send-id.ts";
import { IdempotencyKey, SendBody } from "../../src/http/send-body.ts";
import { PendingSend, SendState, SentSend } from "../answers/send.ts";
import { type Operation, TOKEN_PROBLEMS } from "../operation.ts";

const ID = "snd_scout_7196fd1285f7df2287a1c1ce";
const LOCATION = "the send's own path, `/v1/messages/{id}`";
const SENT = {
  id: ID,
  account: "scout",
  to: "channel:general",
  messageId: "msg_01m88zv0te9qpwga13p7y62ey5",
  state: "sent",
};

export const sends: readonly Operation[] = [
  {
    id: "sendMessage",
    method: "post",
    path: "/v1/messages",
    tag: "Sends",
    summary: "Send a message as one of the bots",
    description:
      "Posts at once, and answers when it is posted. With `Prefer: respond-async` it answers as soon as the send is stored, also while ClickClack is down, and delivers it in the background.",
    security: "api",
    parameters: [
      {
        name: "Idempotency-Key",
        in: "header",
        description:
          "Makes it safe to ask again, for seven days: the same key with the same request gives the same answer and posts nothing",
        schema: IdempotencyKey,
        example: "deploy-1042",
      },
      {
        name: "Prefer",
        in: "header",
        description:
          "`respond-async` (RFC 7240) delivers in the background; other preferences are passed over",
        schema: z.string(),
        example: "respond-async",
      },
    ],
    body: {
      description: "The message. Read as JSON, whatever `Content-Type` says.",
      schema: SendBody,
      examples: {
        text: { summary: "A text to where the account sends by default", value: { text: "Deployed." } },
        thread: {
          summary: "A reply in a thread, as another account",
          value: {
            account: "sage",
            to: "thread:msg_01m88zv0te9qpwga13p7y62ey5",
            text: "Done.",
            replyTo: "msg_01m88zv0te9qpwga13p7y62ey5",
          },
        },
        media: {
          summary: "Two files: by address, and in the request",
          value: {
            to: "dm:@ada",
            text: "Last night in one picture.",
            media: [
              { url: "https://charts.example.com/17.png", filename: "load.png" },
              { data: "YSxiCjEsMgo=", filename: "report.csv", contentType: "text/csv" },
            ],
          },
        },
      },
    },
    answers: {
      200: {
        description: "It was sent before under this key; nothing was posted",
        headers: { Location: LOCATION },
        content: { type: "application/json", schema: SentSend, example: SENT },
      },
      201: {
        description: "It is posted",
        headers: { Location: LOCATION },
        content: { type: "application/json", schema: SentSend, example: SENT },
      },
      202: {
        description: "It is stored, and delivered in the background",
        headers: {
          Location: LOCATION,
          "Preference-Applied": "`respond-async`, where it was asked for",
        },
        content: {
          type: "application/json",
          schema: PendingSend,
          example: { id: ID, account: "scout", to: "channel:general", state: "pending" },
        },
      },
    },
    problems: [
      ...TOKEN_PROBLEMS,
      "invalid_request",
      "invalid_target",
      "missing_scope",
      "refused",
      "media_not_allowed",
      "account_not_found",
      "workspace_not_found",
      "channel_not_found",
      "user_not_found",
      "thread_not_found",
      "idempotency_key_reused",
      "no_active_recipient",
      "too_large",
      "media_too_large",
      "upload_quota",
      "media_type",
      "too_many_pending",
      "token_rejected",
      "media_unavailable",
      "clickclack_unavailable",
    ],
  },
  {
    id: "getSend",
    method: "get",
    path: "/v1/messages/{id}",
    tag: "Sends",
    summary: "What became of a send",
    description:
      "For seven days after it was asked for, and as long as it is pending in the background. One that was refused while its caller waited is not kept.",
    security: "api",
    parameters: [
      {
        name: "id",
        in: "path",
        description: "The send's id",
        schema: z.string().regex(SEND_ID),
        example: ID,
      },
    ],
    answers: {
      200: {
        description: "The send",
        content: {
          type: "application/json",
          schema: SendState,
          example: {
            id: ID,
            account: "scout",
            to: "channel:general",
            state: "pending",
            detail: "ClickClack post to channel: 503 Service Unavailable",
            attempts: 2,
            createdAt: 1795598156630,
            retryAt: 1795598160630,
          },
        },
      },
    },
    problems: [...TOKEN_PROBLEMS, "send_not_found"],
  },
];
