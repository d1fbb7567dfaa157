import * as z from "zod";
import { ClickClackClient, type Place, type RootPlace } from "../../../src/clickclack/client.ts";
import { request } from "../../../src/clickclack/request.ts";
import { AnyAnswer, type Message, type User } from "../../../src/clickclack/wire.ts";
import type { Target } from "../../../src/domain/target.ts";
import type { Remote } from "../../../src/remote/headers.ts";

/** Newest messages of a place among which an answer is looked for. */
const LOOK_BACK = 50;

const Invoked = z.object({
  invocation: z.object({ id: z.string() }).optional(),
  text: z.string().default(""),
});

/** Where a round trip goes. */
export interface Spot {
  place: Place;
  /** As a send names it: a person's direct messages are with that person. */
  target: string;
  /** For people. */
  name: string;
}

/** A person in ClickClack, as whom the doctor speaks. */
export class Speaker {
  readonly me: User;
  readonly remote: Remote;
  readonly #client: ClickClackClient;

  constructor(remote: Remote, me: User) {
    this.me = me;
    this.remote = remote;
    this.#client = new ClickClackClient(remote);
  }

  /** Every method throws a ClickClackError. */
  static async signIn(remote: Remote): Promise<Speaker> {
    return new Speaker(remote, await new ClickClackClient(remote).me());
  }

  /**
   * Finds the place of a target; for direct messages, that of the person and the bot.
   *
   * @param isWished whether the target was asked for; in place of one that is only the default, any channel will do
   * @returns undefined when there is no such place
   */
  async findSpot(
    workspaceId: string,
    botUserId: string,
    target: Target,
    isWished: boolean,
  ): Promise<Spot | undefined> {
    switch (target.kind) {
      case "thread":
        return {
          place: { kind: "thread", rootId: target.messageId },
          target: `thread:${target.messageId}`,
          name: `thread ${target.messageId}`,
        };
      case "channel": {
        const channels = await this.#client.channels(workspaceId);
        const named = channels.find(({ id, name }) => [id, name].includes(target.channel));
        const channel = named ?? (isWished ? undefined : channels[0]);
        if (channel === undefined) return undefined;
        return {
          place: { kind: "channel", channelId: channel.id },
          target: `channel:${channel.id}`,
          name: `#${channel.name}`,
        };
      }
      case "dm":
      case "dm_handle": {
        const { id } = await this.#client.openDm(workspaceId, botUserId);
        return {
          place: { kind: "dm", dmId: id },
          target: `dm:${this.me.id}`,
          name: "direct messages with the bot",
        };
      }
    }
  }

  /** @returns the message's id */
  say({ place }: Spot, body: string): Promise<string> {
    return this.#client.post(place, { body, nonce: crypto.randomUUID() });
  }

  /** @returns the id of this one time, and what is shown to its giver; no id when it was no registered command */
  async command(
    channelId: string,
    command: string,
    text: string,
  ): Promise<{ trigger?: string; shown: string }> {
    const answer = await request(this.remote, {
      operation: "command",
      method: "POST",
      path: `/api/hooks/slash/${encodeURIComponent(channelId)}`,
      form: {
        contentType: "application/x-www-form-urlencoded",
        body: new TextEncoder().encode(new URLSearchParams({ command, text }).toString()),
      },
      answer: Invoked,
    });
    return { ...(answer.invocation && { trigger: answer.invocation.id }), shown: answer.text };
  }

  /** The newest messages of a place. */
  async messages({ place }: Spot): Promise<readonly Message[]> {
    if (place.kind === "thread") return (await this.#client.thread(place.rootId, LOOK_BACK)).replies;
    const root: RootPlace = place;
    return (await this.#client.rootPage(root, undefined, LOOK_BACK)).messages;
  }

  message(id: string): Promise<Message> {
    return this.#client.message(id);
  }
}

/** @throws {ClickClackError} */
export async function deleteMessage(author: Remote, id: string): Promise<void> {
  await request(author, {
    operation: "delete",
    method: "DELETE",
    path: `/api/messages/${encodeURIComponent(id)}`,
    answer: AnyAnswer,
  });
}
