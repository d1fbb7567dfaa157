import { slashCallback } from "../callbacks/request.ts";
import { sendCallback } from "../callbacks/send.ts";
import { ApiError, badRequest, withStatus } from "../errors.ts";
import { type Answer, json } from "../pipeline/answer.ts";
import { decodeBody } from "../pipeline/decode.ts";
import { unmarshal } from "../pipeline/go-json.ts";
import { type AnyRoute, type Call, route } from "../pipeline/route.ts";
import { trimSpace } from "../rules/text.ts";
import type { SlashCommandRow } from "../store/callback-tables.ts";
import { requireWriter } from "../store/members.ts";
import { type Posted, postToChannel } from "../store/posting.ts";
import { findSlashCommand } from "../store/slash-commands.ts";
import type { ChannelRow } from "../store/tables.ts";
import { invocationView } from "../wire/callback.ts";
import { eventView, ZERO_EVENT } from "../wire/event.ts";
import { messageView, ZERO_MESSAGE } from "../wire/message.ts";
import { publish } from "../world.ts";
import { channelFor } from "./access.ts";

const HOOK_BODY = { command: "string", text: "string" } as const;
const IN_CHANNEL = "in_channel";

/** Where people, and bots as well, invoke slash commands. There are none in threads and direct conversations. */
export const slashHookRoutes: readonly AnyRoute[] = [
  route({
    method: "POST",
    path: "/api/hooks/slash/:channel_id",
    scope: "messages:write",
    bodyBeforeScope: true,
    encoding: "form",
    body: HOOK_BODY,
    handle: async (call) => {
      const { world, actor, params, body } = call;
      const findChannel = () => channelFor(world.store, actor, params.channel_id ?? "");
      // A bot is told first that it cannot see the channel, a person that there is nothing to say.
      if (actor.token !== undefined) findChannel();
      const [name, text] = [trimSpace(body.command), trimSpace(body.text)];
      if (name === "" && text === "") throw badRequest("slash command text is required");
      const channel = findChannel();
      requireWriter(world.store, channel.workspace_id, actor.user.id);
      const command = findSlashCommand(world.store, channel.workspace_id, name);
      return command === undefined
        ? sayInstead(call, channel, `${name} ${text}`)
        : invoke(call, channel, command, text);
    },
  }),
];

/** What is no registered command is an ordinary message. */
async function sayInstead(call: Call, channel: ChannelRow, words: string): Promise<Answer> {
  const shown = await say(call, channel, call.actor.user.id, words);
  return json(201, { ...shown, response_type: IN_CHANNEL, text: shown.message.body });
}

/**
 * Asks the command's callback what is to happen. ClickClack keeps a row of every invocation, which no endpoint shows.
 *
 * @throws ApiError 502 when the callback fails or answers what is no JSON, 400 when the bot may not write here
 */
async function invoke(
  call: Call,
  channel: ChannelRow,
  command: SlashCommandRow,
  text: string,
): Promise<Answer> {
  const { world, actor, signal } = call;
  const payload = {
    command_id: command.id,
    command: command.command,
    text,
    workspace_id: command.workspace_id,
    channel_id: channel.id,
    user_id: actor.user.id,
    bot_user_id: command.bot_user_id,
  };
  const triggerId = world.store.newId("sci");
  const invocation = invocationView(triggerId, payload, world.store.now());
  const request = slashCallback(command, payload, triggerId, Math.floor(Date.now() / 1000));
  const failure = "slash command callback failed";
  const outcome = await sendCallback(request, { timeoutMs: world.callbackTimeoutMs, signal, failure });
  if (outcome.error !== "") throw new ApiError(502, outcome.error);
  const answer = withStatus(502, () =>
    decodeBody(unmarshal(outcome.body), { response_type: "string", text: "string" }),
  );
  const words = trimSpace(answer.text);
  const type = answer.response_type || IN_CHANNEL;
  const shown =
    words === "" || type !== IN_CHANNEL
      ? { event: ZERO_EVENT, message: ZERO_MESSAGE }
      : await say(call, channel, command.bot_user_id, words);
  return json(200, { ...shown, invocation, response_type: type, text: words });
}

/** Posts somebody's words. Of a bot that may not post, it is the invoker who is told, always with a 400. */
async function say(
  { world, correlationId, signal }: Call,
  channel: ChannelRow,
  authorId: string,
  body: string,
) {
  const post = {
    authorId,
    body,
    quotedMessageId: "",
    nonce: "",
    kind: "message",
    turnId: "",
    correlationId,
  } as const;
  const { message, event } = withStatus(400, (): Posted => postToChannel(world.store, channel, post));
  await publish(world, signal, event);
  return {
    event: event === undefined ? ZERO_EVENT : eventView(event),
    message: messageView(world.store, message),
  };
}
