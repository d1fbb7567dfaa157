import type { Socket } from "node:net";
import { goJson } from "../json.ts";
import { isVisibleTo } from "../store/events.ts";
import type { EventRow } from "../store/tables.ts";
import { eventView } from "../wire/event.ts";
import type { World } from "../world.ts";
import { Connection } from "./connection.ts";
import { Mailbox } from "./mailbox.ts";
import { replay } from "./replay.ts";
import { reorderer } from "./switches.ts";

/** Closes a socket whose cursor cannot be used; the client has to read the state anew. */
const RESYNC_REQUIRED = { code: 4001, reason: "realtime replay limit exceeded; resync required" };
const OVERFLOW = { code: 1013, reason: "realtime buffer overflow; reconnect with after_cursor to replay" };
const ACCESS_REVOKED = { code: 1008, reason: "workspace access revoked" };

const REVOCATIONS = new Set(["bot.deleted", "bot.membership_removed"]);

/** One WebSocket of one user in one workspace, from the replay to its end. */
export class RealtimeSocket {
  readonly userId: string;
  readonly workspaceId: string;
  readonly openedAt = new Date().toISOString();
  /** Frames that went out. */
  sent = 0;

  readonly #world: World;
  readonly #connection: Connection;
  readonly #mailbox = new Mailbox();
  readonly #reorder: (event: EventRow) => EventRow[];

  /** Subscribes at once, so that nothing falls between the replay and the live events. */
  constructor(world: World, connection: Socket, userId: string, workspaceId: string) {
    this.#world = world;
    this.userId = userId;
    this.workspaceId = workspaceId;
    this.#reorder = reorderer(() => world.switches.of(userId).reorder);
    world.hub.subscribe(workspaceId, this.#mailbox);
    world.sockets.add(this);
    this.#connection = new Connection(connection, () => this.#end());
  }

  /**
   * Sends what came after the cursor, then what comes.
   *
   * @param afterCursor `""` replays everything there is
   */
  async run(afterCursor: string): Promise<void> {
    const { store, replayCaps, replayCap } = this.#world;
    const cap = replayCaps.get(this.workspaceId) ?? replayCap;
    const reader = { userId: this.userId, workspaceId: this.workspaceId };
    const replayed = await replay(store, reader, afterCursor, cap, (event) => this.#send(event));
    if (replayed.kind === "resync") this.close(RESYNC_REQUIRED.code, RESYNC_REQUIRED.reason);
    else await this.#follow(replayed.cursor);
  }

  /** Sends a close frame and ends the socket. */
  close(code: number, reason: string): void {
    this.#connection.close(code, reason);
    this.#end();
  }

  /** Breaks the connection with a TCP reset. */
  reset(): void {
    this.#connection.reset();
  }

  /** Sends a text frame that is no event of the log, whatever it holds. */
  async inject(text: string): Promise<void> {
    await this.#connection.write(text);
    this.sent++;
  }

  async #follow(replayedUpTo: string): Promise<void> {
    while (this.#connection.isOpen) {
      const event = await this.#mailbox.take();
      await this.#world.switches.unstalled(this.userId);
      if (event === undefined) this.close(OVERFLOW.code, OVERFLOW.reason);
      else if (this.#revokes(event)) this.close(ACCESS_REVOKED.code, ACCESS_REVOKED.reason);
      else if (this.#isDue(event, replayedUpTo)) await this.#send(event);
    }
  }

  #revokes(event: EventRow): boolean {
    return REVOCATIONS.has(event.type) && event.payload.bot_user_id === this.userId;
  }

  /** What was published while the replay ran may have been replayed already. */
  #isDue(event: EventRow, replayedUpTo: string): boolean {
    const isNew = event.cursor === "" || event.cursor > replayedUpTo;
    return isNew && isVisibleTo(this.#world.store, event, this.userId);
  }

  async #send(event: EventRow): Promise<void> {
    const { deaf, duplicate } = this.#world.switches.of(this.userId);
    if (deaf) return;
    for (const next of this.#reorder(event)) {
      const frame = goJson(eventView(next));
      for (let copy = 0; copy < (duplicate ? 2 : 1); copy++) {
        await this.#connection.write(frame);
        this.sent++;
      }
    }
  }

  #end(): void {
    this.#world.hub.unsubscribe(this.workspaceId, this.#mailbox);
    this.#world.sockets.remove(this);
    this.#mailbox.shut();
  }
}
