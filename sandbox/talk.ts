import { type Member, type Said, waitFor } from "./room.ts";
import type { Stage } from "./stage.ts";
import type { Transcript } from "./transcript.ts";

/** The scripted talk: both bots, every kind of place, and sends to every kind of target. */
export async function talk(stage: Stage, transcript: Transcript): Promise<void> {
  const { room } = stage;
  const [ada, ben] = [room.person("ada"), room.person("ben")];
  const [scout, sage] = [room.bot("scout"), room.bot("sage")];
  const [general, library] = [room.channelId("general"), room.channelId("library")];
  const by = (bot: Member) => (said: Said) => said.author_id === bot.id;
  const answers = (bot: Member, question: string) => (said: Said) =>
    said.author_id === bot.id && said.quoted_message_id === question;
  const words = (bot: Member, said: Said) => `${bot.handle}: ${said.body}`;

  transcript.scene("The bots come up");
  await transcript.line("GET /readyz", () => ready(stage));

  transcript.scene("In channels, where a bot is mentioned and answers with a quote");
  let root = "";
  await transcript.line("#general   ada: @scout, what do you see out there?", async () => {
    root = await room.say(ada, general, "@scout, what do you see out there?");
    return words(scout, await waitFor(() => room.inChannel(ada, general), answers(scout, root)));
  });
  let called = "";
  await transcript.line("#library   ben: @sage, which book is next?", async () => {
    const question = await room.say(ben, library, "@sage, which book is next?");
    called = question;
    return words(sage, await waitFor(() => room.inChannel(ben, library), answers(sage, question)));
  });

  transcript.scene("In a thread, where the answer stays in the thread");
  await transcript.line("#general › thread   ben: @scout, and beyond the pier?", async () => {
    await room.replyInThread(ben, root, "@scout, and beyond the pier?");
    return words(scout, await waitFor(() => room.inThread(ben, root), by(scout)));
  });

  transcript.scene("Who is answered, and why");
  await transcript.line("#general   ada: the weather is fine today", async () => {
    const remark = await room.say(ada, general, "the weather is fine today");
    return untilDecided(stage, scout, remark, "not_mentioned");
  });
  await transcript.line("#library   ben: @scout, debate with Sage", async () => {
    // Each calls the other: without the guard, for ever.
    await script(stage, "scout", "debate", "@sage, a debate, then: the tide comes first.");
    await script(stage, "sage", "debate", "@scout, a debate, then: the moon does.");
    await room.say(ben, library, "@scout, debate with Sage");
    return untilSilenced(stage, () => room.inChannel(ben, library), [scout, sage]);
  });

  transcript.scene("A new session, which knows nothing of what was said before");
  await transcript.line("#general   ada: /new @scout", async () => {
    const command = await room.say(ada, general, "/new @scout");
    return words(scout, await waitFor(() => room.inChannel(ada, general), answers(scout, command)));
  });
  await transcript.line("#general   ada: @scout, do you remember?", async () => {
    const question = await room.say(ada, general, "@scout, do you remember?");
    const answer = await waitFor(() => room.inChannel(ada, general), answers(scout, question));
    if (!answer.body.includes("1 message")) throw new Error(`it does: ${answer.body}`);
    return words(scout, answer);
  });

  transcript.scene("In direct messages, where nobody needs to be mentioned");
  for (const [person, bot, text] of [
    [ada, sage, "good morning"],
    [ben, scout, "are you awake?"],
  ] as const) {
    await transcript.line(`dm   ${person.handle} to ${bot.handle}: ${text}`, async () => {
      const dm = await room.openDm(person, bot);
      await room.sayInDm(person, dm, text);
      return words(bot, await waitFor(() => room.inDm(person, dm), by(bot)));
    });
  }

  transcript.scene("By slash command, of which only its giver sees anything before the answer");
  await transcript.line("#general   ben: /ask what is a tide?", async () => {
    const shown = await room.command(ben, general, "/ask", "what is a tide?");
    const isAnswer = (said: Said) => by(sage)(said) && said.body.startsWith("> @ben: /ask what is a tide?");
    const answer = await waitFor(() => room.inChannel(ada, general), isAnswer);
    return `shown to ben: ${shown}\n${words(sage, answer)}`;
  });

  transcript.scene("How the questions came: Scout holds a connection, Sage is called");
  for (const [bot, question, road] of [
    [scout, root, "realtime"],
    [sage, called, "callback"],
  ] as const) {
    await transcript.line(`GET /v1/accounts/${bot.handle}/messages/msg_…`, async () => {
      const { state, roads } = await storyOf(stage, bot, question);
      // A sweep may have been there just before.
      if (!roads.includes(road)) throw new Error(`it came by ${roads.join(", ")}`);
      return `${state}, by ${roads.join(", then ")}`;
    });
  }

  transcript.scene("Outbound sends, POST /v1/messages");
  const sends: readonly [account: string, to: string, text: string, read: () => Promise<Said[]>][] = [
    ["scout", "channel:library", "The tide turns at noon.", () => room.inChannel(ada, library)],
    ["sage", "dm:@ben", "Your book is here.", async () => room.inDm(ben, await room.openDm(ben, sage))],
    ["scout", `thread:${root}`, "Beyond the pier: one sail.", () => room.inThread(ada, root)],
  ];
  for (const [account, to, text, read] of sends) {
    await transcript.line(`${account} to ${to.replace(/msg_.*/, "msg_…")}: ${text}`, async () => {
      const { messageId, state } = await send(stage, { account, to, text });
      await waitFor(read, (said) => said.id === messageId && said.body === text);
      return `${state}, as ${messageId}`;
    });
  }
}

/** What an operator reads of a message. */
interface Told {
  state: string;
  reason?: string;
  setting?: string;
  roads: string[];
}

async function ready(stage: Stage): Promise<string> {
  const until = Date.now() + 20_000;
  for (;;) {
    const answer = await fetch(`${stage.worker}/readyz`);
    const body = await answer.text();
    if (answer.ok) return body;
    if (Date.now() > until) throw new Error(`answered ${answer.status}: ${body}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Has an agent answer so whenever a word comes up. */
async function script({ gateway }: Stage, agent: string, text: string, answer: string): Promise<void> {
  const response = await fetch(`${gateway}/sandbox/replies`, {
    method: "POST",
    body: JSON.stringify({ match: { agent, text }, reply: { text: answer } }),
  });
  if (!response.ok) throw new Error(`answered ${response.status}: ${await response.text()}`);
}

/** Waits until a message is dropped for a reason. */
async function untilDecided(stage: Stage, bot: Member, message: string, reason: string): Promise<string> {
  const until = Date.now() + 20_000;
  for (;;) {
    const story = await storyOf(stage, bot, message).catch(() => undefined);
    if (story?.reason === reason) return `${bot.handle}: ${story.state}, ${reason}, by ${story.setting}`;
    if (Date.now() > until) throw new Error(`${reason} was never said of it, but ${JSON.stringify(story)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until the last word of two bots goes unanswered. */
async function untilSilenced(stage: Stage, read: () => Promise<Said[]>, bots: Member[]): Promise<string> {
  const until = Date.now() + 20_000;
  for (;;) {
    const said = (await read()).filter(({ author_id }) => bots.some(({ id }) => id === author_id));
    const last = said.at(-1);
    const listener = bots.find(({ id }) => id !== last?.author_id);
    const story = last && listener && (await storyOf(stage, listener, last.id).catch(() => undefined));
    if (story?.reason === "bot_loop")
      return `${said.length} messages of two bots, and then: ${listener?.handle}: ${story.state}, bot_loop`;
    if (Date.now() > until) throw new Error(`they go on and on: ${said.length} messages`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function storyOf({ worker, apiToken }: Stage, bot: Member, message: string): Promise<Told> {
  const response = await fetch(`${worker}/v1/accounts/${bot.handle}/messages/${message}`, {
    headers: { authorization: `Bearer ${apiToken}` },
  });
  if (!response.ok) throw new Error(`answered ${response.status}: ${await response.text()}`);
  return response.json() as Promise<Told>;
}

async function send(
  stage: Stage,
  body: { account: string; to: string; text: string },
): Promise<{ messageId: string; state: string }> {
  const response = await fetch(`${stage.worker}/v1/messages`, {
    method: "POST",
    headers: { authorization: `Bearer ${stage.apiToken}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.status !== 201) throw new Error(`answered ${response.status}: ${await response.text()}`);
  return response.json() as Promise<{ messageId: string; state: string }>;
}
