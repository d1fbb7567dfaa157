import type { Said } from "../../sandbox/room.ts";
import type { World } from "./world.ts";

/** One of the kinds of place that can be talked in. */
export interface TalkPlace {
  /** Asks there as Ada. @returns the message's id */
  ask(text: string): Promise<string>;
  /** What the bot said there, in order. */
  answers(): Promise<Said[]>;
}

/** A channel, a thread in another channel, and a direct conversation. */
export async function placesOf(world: World): Promise<Record<"channel" | "thread" | "dm", TalkPlace>> {
  const { room, ada, bot } = world;
  // A bot's message is not answered, so the thread starts out empty.
  const root = await room.say(world.otherBot, world.side, "a thread's root");
  const dm = await room.openDm(ada, bot);
  const place = (ask: TalkPlace["ask"], read: () => Promise<Said[]>): TalkPlace => ({
    ask,
    answers: async () => (await read()).filter(({ author_id }) => author_id === bot.id),
  });
  return {
    channel: place(
      (text) => room.say(ada, world.general, text),
      () => room.inChannel(ada, world.general),
    ),
    thread: place(
      (text) => room.replyInThread(ada, root, text),
      () => room.inThread(ada, root),
    ),
    dm: place(
      (text) => room.sayInDm(ada, dm, text),
      () => room.inDm(ada, dm),
    ),
  };
}
