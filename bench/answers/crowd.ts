import { once } from "node:events";
import { WebSocket } from "ws";
import type { Seat } from "./cast.ts";
import { clock } from "./watch.ts";

/** A message that was said. */
export interface Asked {
  posted: Promise<void>;
  /** Milliseconds from before it was posted until the event that tells of its answer was read. */
  tookMs: Promise<number>;
}

/** People who say things in a workspace and wait for its bot. */
export class Crowd {
  readonly #clickclack: string;
  readonly #seat: Seat;
  readonly #socket: WebSocket;
  /** Those who wait in a room, by its id, in the order in which they have spoken. */
  readonly #waiting = new Map<string, ((at: number) => void)[]>();

  /** Of the workspace's events, heard so far; the bot's own socket brings as many. */
  frames = 0;

  private constructor(clickclack: string, seat: Seat, socket: WebSocket) {
    this.#clickclack = clickclack;
    this.#seat = seat;
    this.#socket = socket;
    socket.on("message", (data) => this.#hear(String(data)));
  }

  static async join(clickclack: string, seat: Seat): Promise<Crowd> {
    const address = `${clickclack.replace("http", "ws")}/api/realtime/ws?workspace_id=${seat.workspaceId}`;
    const headers = { authorization: `Bearer ${seat.person.token}` };
    const socket = new WebSocket(address, { headers });
    await once(socket, "open");
    return new Crowd(clickclack, seat, socket);
  }

  /**
   * Says something. In a room, answers come in the order of the questions.
   *
   * @param room its place in the workspace's channels
   */
  ask(room: number, body: string): Asked {
    const channelId = this.#seat.channels[room] ?? "";
    const answer = Promise.withResolvers<number>();
    const waiting = this.#waiting.get(channelId) ?? [];
    this.#waiting.set(channelId, [...waiting, answer.resolve]);
    const from = clock();
    return { posted: this.#post(channelId, body), tookMs: answer.promise.then((at) => at - from) };
  }

  /** @throws when the answers of a room do not stand in the order of the messages that they quote */
  async checkOrder(room: number): Promise<void> {
    const response = await this.#fetch(`channels/${this.#seat.channels[room]}/messages?limit=200`);
    const { messages } = (await response.json()) as { messages: { quoted_message_id?: string }[] };
    const quoted = messages.flatMap(({ quoted_message_id: id }) => (id === undefined ? [] : [id]));
    if (quoted.join() !== quoted.toSorted().join()) throw new Error("a room was answered out of order");
  }

  async #post(channelId: string, body: string): Promise<void> {
    const message = { method: "POST", body: JSON.stringify({ body }) };
    await (await this.#fetch(`channels/${channelId}/messages`, message)).arrayBuffer();
  }

  async #fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = {
      authorization: `Bearer ${this.#seat.person.token}`,
      "content-type": "application/json",
    };
    const response = await fetch(`${this.#clickclack}/api/${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`ClickClack has answered a person with ${response.status}`);
    return response;
  }

  leave(): void {
    this.#socket.terminate();
  }

  #hear(frame: string): void {
    this.frames++;
    const event = JSON.parse(frame) as {
      type: string;
      channel_id?: string;
      payload?: { author_id?: string };
    };
    if (event.type !== "message.created" || event.payload?.author_id !== this.#seat.bot.id) return;
    this.#waiting.get(event.channel_id ?? "")?.shift()?.(clock());
  }
}
