import { expect, test } from "vitest";
import { seeded, seeds } from "../random.ts";
import { ADMITTED, DROPPED, type LaneWorld, laneWorld, SETTLED } from "./lane-world.ts";

const CONVERSATIONS = [..."abcdefgh"];
const MESSAGES = 150;
const BOUNDS = { admissionsAtOnce: 3, turnsAtOnce: 4, waitingPerConversation: 5 };

type Ended = "dropped" | "overflowed" | "answered";

/** What a day in the lanes looks like: messages come in bursts and late, steps end in any order, some fail. */
class Day {
  readonly world: LaneWorld = laneWorld(BOUNDS);
  readonly ended = new Map<string, Ended[]>();
  readonly #random: () => number;
  /** By conversation: arrived and not decided on. */
  readonly #undecided = new Map<string, Map<string, string>>(CONVERSATIONS.map((name) => [name, new Map()]));
  readonly #cursors = new Map<string, string>();
  /** By conversation: admitted and not ended, by cursor behind those that have been run. */
  readonly #admitted = new Map<string, string[]>(CONVERSATIONS.map((name) => [name, []]));
  readonly #parked = new Set<string>();
  readonly #ranBefore = new Set<string>();
  #read = 0;

  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  async pass(): Promise<void> {
    let toCome = MESSAGES;
    while (toCome > 0 || this.#isBusy()) {
      const dice = this.#random();
      if (dice < 0.4 && toCome > 0) this.#arrive(MESSAGES - toCome--);
      else if (dice < 0.65) await this.#endAnAdmission();
      else if (dice < 0.9) await this.#endARun();
      else this.world.wake(this.world.now() + Math.floor(this.#random() * 20));
      this.#check();
    }
  }

  #isBusy(): boolean {
    return [...this.#undecided.values(), ...this.#admitted.values()].some((of) =>
      of instanceof Map ? of.size > 0 : of.length > 0,
    );
  }

  #arrive(number: number): void {
    const conversation = this.#pick(CONVERSATIONS) ?? "";
    const messageId = `${conversation}${number}`;
    // Some come late: their cursor lies before those of others that are here already. A message in hand keeps its place,
    // failed or not, so there they would make an order of their own.
    const isInHand = this.world.admitting().some((inHand) => inHand.startsWith(conversation));
    const behind = !isInHand && this.#random() < 0.5 ? Math.floor(this.#random() * 30) : 0;
    const cursor = `cur_${String((number - behind) * 1_000 + 10_000 + number).padStart(8, "0")}`;
    this.#undecided.get(conversation)?.set(messageId, cursor);
    this.#cursors.set(messageId, cursor);
    this.world.add(messageId, cursor);
  }

  async #endAnAdmission(): Promise<void> {
    const messageId = this.#pick(this.world.admitting());
    if (messageId === undefined) return;
    const dice = this.#random();
    if (dice < 0.2) return this.world.endAdmission(messageId, { retryAt: this.#soon() });
    this.#undecided.get(messageId.charAt(0))?.delete(messageId);
    if (dice < 0.4) {
      this.#end(messageId, "dropped");
      return this.world.endAdmission(messageId, DROPPED);
    }
    this.#admit(messageId);
    return this.world.endAdmission(messageId, ADMITTED);
  }

  #admit(messageId: string): void {
    const admitted = this.#admitted.get(messageId.charAt(0)) ?? [];
    const isAfter = (other: string | undefined) =>
      other !== undefined && !this.#ranBefore.has(other) && this.#cursor(other) > this.#cursor(messageId);
    let at = admitted.length;
    while (isAfter(admitted[at - 1])) at--;
    admitted.splice(at, 0, messageId);
  }

  #cursor(messageId: string): string {
    return this.#cursors.get(messageId) ?? "";
  }

  async #endARun(): Promise<void> {
    const messageId = this.#pick(this.world.running());
    if (messageId === undefined) return;
    if (this.#random() < 0.2) return this.world.endRun(messageId, { retryAt: this.#soon() });
    this.#admitted.get(messageId.charAt(0))?.shift();
    this.#end(messageId, "answered");
    return this.world.endRun(messageId, SETTLED);
  }

  /** Holds everything that the lanes did since the last look against the rules. */
  #check(): void {
    for (const line of this.world.log.slice(this.#read)) {
      const [step = "", messageId = "", fresh] = line.split(" ");
      const conversation = messageId.charAt(0);
      const admitted = this.#admitted.get(conversation) ?? [];
      if (step === "admit") this.#checkAdmission(messageId, conversation);
      if (step === "park") this.#parked.add(messageId);
      if (step === "overflow") {
        const oldest = admitted.find((other) => !this.#ranBefore.has(other));
        expect(messageId, "the oldest that was never run is given up").toBe(oldest);
        admitted.splice(admitted.indexOf(messageId), 1);
        this.#end(messageId, "overflowed");
      }
      if (step === "run") {
        expect(admitted[0], "the first admitted runs first").toBe(messageId);
        const earlier = [...(this.#undecided.get(conversation)?.values() ?? [])].filter(
          (cursor) => cursor < this.#cursor(messageId),
        );
        if (!this.#ranBefore.has(messageId))
          expect(earlier, "nothing earlier is still to be decided on").toEqual([]);
        const isFirst = !this.#ranBefore.has(messageId) && !this.#parked.has(messageId);
        expect(fresh === "fresh", "only what runs at once is fresh").toBe(isFirst);
        this.#ranBefore.add(messageId);
      }
    }
    this.#read = this.world.log.length;
    this.#checkBounds();
  }

  #checkAdmission(messageId: string, conversation: string): void {
    const waiting = [...(this.#undecided.get(conversation) ?? [])];
    const earliest = waiting.reduce((a, b) => (b[1] < a[1] ? b : a));
    expect(messageId, "the earliest cursor is decided on first").toBe(earliest[0]);
  }

  #checkBounds(): void {
    const inHand = [this.world.admitting(), this.world.running()] as const;
    expect(inHand[0].length).toBeLessThanOrEqual(BOUNDS.admissionsAtOnce);
    expect(inHand[1].length).toBeLessThanOrEqual(BOUNDS.turnsAtOnce);
    for (const messages of inHand) {
      const conversations = messages.map((messageId) => messageId.charAt(0));
      expect(new Set(conversations).size, "one in hand for each conversation").toBe(conversations.length);
    }
    for (const messages of this.#admitted.values()) {
      const waiting = messages.filter((messageId) => !this.#ranBefore.has(messageId));
      expect(waiting.length).toBeLessThanOrEqual(BOUNDS.waitingPerConversation);
    }
  }

  #end(messageId: string, how: Ended): void {
    this.ended.set(messageId, [...(this.ended.get(messageId) ?? []), how]);
  }

  #soon(): number {
    return this.world.now() + Math.floor(this.#random() * 50);
  }

  #pick<Item>(from: readonly Item[]): Item | undefined {
    return from[Math.floor(this.#random() * from.length)];
  }
}

test.each(seeds(30))(
  "whatever comes, order holds in each conversation and every message ends once (seed %i)",
  async (seed) => {
    const day = new Day(seed);
    await day.pass();
    const ends = [...day.ended.values()];
    expect(ends).toHaveLength(MESSAGES);
    for (const how of ends) expect(how).toHaveLength(1);
    expect(new Set(ends.flat()).size, "a dull day proves nothing").toBeGreaterThan(1);
    expect(day.world.admitting()).toEqual([]);
    expect(day.world.running()).toEqual([]);
    expect(day.world.lanes.nextDueAt()).toBeUndefined();
  },
);
