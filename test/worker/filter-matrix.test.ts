import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import type { Story } from "../../src/account/story.ts";
import type { AdmitReason } from "../../src/domain/admission.ts";
import { gatewayOf } from "../support/control.ts";
import { storiesOf } from "../support/stories.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

/*
 * What OpenClaw's own plugin answers and what it does not, as it was observed in a running gateway: with `requireMention`,
 * `allowFrom` of one person and one bot, `allowBots: "mentions"`, a mention pattern, and a channel where nobody has to be
 * mentioned. Ben is the outsider, "side" that channel, "other bot" the bot that is listed.
 */
const world = worldOf("matrix");
const { room, ada, ben, bot, otherBot, general, side } = world;
const { story } = storiesOf("matrix");
const gateway = gatewayOf("matrix");
const own = "channels.clickclack.accounts.matrix";

beforeAll(() => world.link());
afterAll(() => abortAllDurableObjects());

type Expected = Pick<Story, "state" | "reason" | "admittedAs" | "setting" | "command">;

const admitted = (admittedAs: AdmitReason, setting: string): Expected => ({
  state: "answered",
  admittedAs,
  setting: `${own}.${setting}`,
});
const dropped = (reason: string, setting?: string): Expected => ({
  state: "dropped",
  reason,
  ...(setting !== undefined && { setting: `${own}.${setting}` }),
});

const inDm = (who: typeof ada, text: string) => async () =>
  room.sayInDm(who, await room.openDm(who, bot), text);
const inGeneral = (who: typeof ada, text: string) => () => room.say(who, general, text);
const inSide = (who: typeof ada, text: string) => () => room.say(who, side, text);

it.each<[row: string, post: () => Promise<string>, expected: Expected]>([
  ["plain text", inGeneral(ada, "hello everybody"), dropped("not_mentioned", "requireMention")],
  ["the handle", inGeneral(ada, "@bot hello"), admitted("mention", "requireMention")],
  ["the display name", inGeneral(ada, "Bot, hello"), dropped("not_mentioned", "requireMention")],
  ["a command without a mention", inGeneral(ada, "/status"), admitted("command", "requireMention")],
  ["a new session without a mention", inGeneral(ada, "/new"), admitted("command", "requireMention")],
  ["another bot's handle", inGeneral(ada, "@otherbot hello"), dropped("not_mentioned", "requireMention")],
  ["an outsider with a mention", inGeneral(ben, "@bot hello"), dropped("not_allowed", "allowFrom")],
  ["a direct message", inDm(ada, "hello in private"), admitted("direct", "allowFrom")],
  ["an outsider's direct message", inDm(ben, "hello in private"), dropped("not_allowed", "allowFrom")],
  [
    "the channel without the gate",
    inSide(ada, "hello side"),
    admitted("open", `groups.${side}.requireMention`),
  ],
  ["a bot without a mention", inGeneral(otherBot, "hello from a bot"), dropped("bot_author", "allowBots")],
  [
    "a bot without a mention, where people need none",
    inSide(otherBot, "hello"),
    dropped("bot_author", "allowBots"),
  ],
  [
    "a bot with a mention",
    inGeneral(otherBot, "@bot hello from a bot"),
    admitted("mention", "requireMention"),
  ],
  ["a pattern", inGeneral(ada, "and what of Rosebud?"), admitted("pattern", "mentionPatterns")],
  ["an address", inGeneral(ada, "write to a@bot.com"), dropped("not_mentioned", "requireMention")],
  ["a longer handle", inGeneral(ada, "@bot-x hello"), dropped("not_mentioned", "requireMention")],
  ["an outsider's command", inGeneral(ben, "/status"), dropped("not_allowed", "allowFrom")],
  ["a mention in a code span", inGeneral(ada, "run `@bot` please"), admitted("mention", "requireMention")],
])("%s", async (_row, post, expected) => {
  const message = await post();
  await until(async () => ["answered", "dropped"].includes((await story(message)).state));
  expect(await story(message)).toMatchObject(expected);
});

it("an agent's activity row is nobody's question", async () => {
  const response = await fetch(`${inject("clickclackUrl")}/api/channels/${general}/messages`, {
    method: "POST",
    headers: { authorization: `Bearer ${otherBot.token}` },
    body: JSON.stringify({ body: "@bot I am thinking", kind: "agent_commentary" }),
  });
  expect(response.status).toBe(201);
  await world.answerTo(await room.say(ada, general, "@bot after the row"));
  expect(await gateway.askedAbout("I am thinking")).toEqual([]);
});
