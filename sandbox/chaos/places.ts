import { type Member, type Room, type RoomData, roomAt, type Said } from "../room.ts";
import { type BotName, PEOPLE, type PersonName, type Place } from "./cast.ts";

/** Most messages of a list page. */
const PAGE_MAX = 200;

/** The places of a run as they are on ClickClack: people speak there, and everything said there can be read. */
export class Places {
  readonly room: Room;
  readonly #url: string;
  readonly #ids = new Map<string, string>();

  /** @param url ClickClack's */
  constructor(url: string, made: RoomData) {
    this.#url = url;
    this.room = roomAt(url, made);
  }

  /** Opens every place. Done before the Worker's first start, so that the messages over the threads are not for it. */
  async open(places: readonly Place[]): Promise<void> {
    for (const place of places) this.#ids.set(place.name, await this.#open(place));
  }

  /** @returns the message's id */
  say(place: Place, author: PersonName, text: string): Promise<string> {
    const who = this.room.person(author);
    const id = this.#idOf(place);
    switch (place.kind) {
      case "channel":
        return this.room.say(who, id, text);
      case "thread":
        return this.room.replyInThread(who, id, text);
      case "dm":
        return this.room.sayInDm(who, id, text);
    }
  }

  /**
   * Gives a slash command in a channel.
   *
   * @returns the invocation and what the person is told, and nobody else; undefined when ClickClack could not hand it on,
   *   or had no answer to show
   */
  async give(
    place: Place,
    author: PersonName,
    command: string,
    text: string,
  ): Promise<{ id: string; told: string } | undefined> {
    const path = `/api/hooks/slash/${this.#idOf(place)}`;
    const { token } = this.room.person(author);
    const headers = { authorization: `Bearer ${token}` };
    const body = new URLSearchParams({ command, text });
    const response = await fetch(this.#url + path, { method: "POST", headers, body });
    const answer = await response.text();
    if (response.status === 502) return undefined;
    if (response.status !== 200) throw new Error(`POST ${path} answered ${response.status}: ${answer}`);
    const { invocation, text: told } = JSON.parse(answer) as { invocation: { id: string }; text: string };
    return { id: invocation.id, told };
  }

  /** A place as the target of a send. @param by how it is written; threads have no names */
  target(place: Place, by: "name" | "id"): string {
    switch (place.kind) {
      case "channel":
        return `channel:${by === "name" ? place.name : this.#idOf(place)}`;
      case "dm":
        return `dm:${by === "name" ? `@${place.person}` : this.room.person(place.person).id}`;
      case "thread":
        return `thread:${this.#idOf(place)}`;
    }
  }

  /** All that a bot said in a place, oldest first. */
  async saidBy(bot: BotName, place: Place): Promise<Said[]> {
    const { id } = this.room.bot(bot);
    return (await this.#list(place)).filter((said) => said.author_id === id);
  }

  async #open(place: Place): Promise<string> {
    switch (place.kind) {
      case "channel":
        return this.room.channelId(place.name);
      case "dm":
        return this.room.openDm(this.room.person(place.person), this.room.bot(place.bot));
      case "thread": {
        const { under } = place;
        return this.say(
          under,
          under.kind === "dm" ? under.person : PEOPLE[0],
          "Let us talk about this below.",
        );
      }
    }
  }

  async #list(place: Place): Promise<Said[]> {
    const where = place.kind === "thread" ? place.under : place;
    const who = this.room.person(where.kind === "dm" ? where.person : PEOPLE[0]);
    const id = this.#idOf(place);
    if (place.kind === "thread") return this.#thread(who, id);
    const path = `/api/${place.kind === "dm" ? "dms" : "channels"}/${id}/messages`;
    const all: Said[] = [];
    for (let after = 0; ; ) {
      const page = await this.#get<{ messages: Said[]; newest_seq: number; has_newer: boolean }>(
        who,
        `${path}?after_seq=${after}&limit=${PAGE_MAX}`,
      );
      all.push(...page.messages);
      if (!page.has_newer) return all;
      after = page.newest_seq;
    }
  }

  /** A thread has no pages: its oldest and its newest replies are what can be had. */
  async #thread(who: Member, rootId: string): Promise<Said[]> {
    const path = `/api/messages/${rootId}/thread?limit=${PAGE_MAX}`;
    const [oldest, newest] = await Promise.all(
      ["", "&latest=true"].map((end) => this.#get<{ replies: Said[] }>(who, path + end)),
    );
    const all = new Map(
      [...(oldest?.replies ?? []), ...(newest?.replies ?? [])].map((said) => [said.id, said]),
    );
    return [...all.values()];
  }

  async #get<Answer>(who: Member, path: string): Promise<Answer> {
    const response = await fetch(this.#url + path, { headers: { authorization: `Bearer ${who.token}` } });
    if (!response.ok) throw new Error(`GET ${path} answered ${response.status}: ${await response.text()}`);
    return response.json() as Promise<Answer>;
  }

  #idOf(place: Place): string {
    const id = this.#ids.get(place.name);
    if (id === undefined) throw new Error(`${place.name} is not open`);
    return id;
  }
}
