import { setTimeout as sleep } from "node:timers/promises";
import type { CallbackFaults } from "./callbacks.ts";
import { type BotName, CALLBACK_BOTS, SOCKET_BOTS } from "./cast.ts";
import { control } from "./control.ts";
import { AIMS, type FaultPlan, type SpellName } from "./plan-faults.ts";
import type { Prunings } from "./prunings.ts";
import { Spells } from "./spells.ts";
import type { Tally } from "./tally.ts";
import { holdsWithin, type Timeline } from "./timeline.ts";

/** What the faults need to know of a run. */
export interface FaultScene {
  readonly clickclack: string;
  readonly gateway: string;
  readonly timeline: Timeline;
  readonly tally: Tally;
  readonly prunings: Prunings;
  readonly callbacks: CallbackFaults;
  botId(name: BotName): string;
  /** Questions that were posted so far. */
  questionsPosted(): number;
  print(text: string): void;
}

/** As good as for ever: what is ordered so is taken back. */
const UNTIL_TAKEN_BACK = 1_000_000;
/** A fault at a socket waits so long for there to be one. */
const SOCKET_TIMEOUT_MS = 15_000;

/** Makes the planned faults happen and counts those that did. */
export class FaultPlayer {
  readonly #scene: FaultScene;
  /** Names of the faults that wait for requests, by their id at ClickClack. */
  readonly #ordered = new Map<string, string>();
  readonly #spells: Spells;
  readonly #over = new AbortController();
  #draining = 0;

  constructor(scene: FaultScene) {
    this.#scene = scene;
    this.#spells = new Spells({ ...scene, over: this.#over.signal });
  }

  /** Plays all of them, each at its time. @returns once the last spell is over */
  async play(plans: readonly FaultPlan[]): Promise<void> {
    await Promise.all(plans.map((plan) => this.#playOne(plan)));
  }

  /** Ends the spells that still hold. */
  stop(): void {
    this.#over.abort();
  }

  /** Counts how often the faults that wait for requests have met one. */
  async countMet(): Promise<void> {
    const { faults } = await control<{ faults: { id: string; fired: number }[] }>(
      this.#scene.clickclack,
      "GET",
      "faults",
    );
    for (const { id, fired } of faults) this.#scene.tally.add(this.#ordered.get(id) ?? "other", fired);
  }

  async #playOne(plan: FaultPlan): Promise<void> {
    await this.#scene.timeline.until(plan.atMs);
    if (this.#over.signal.aborted) return;
    this.#scene.print(`fault: ${told(plan)}`);
    switch (plan.kind) {
      case "request":
        return this.#orderRequestFault(plan);
      case "socket":
        return this.#breakSockets(plan);
      case "spell":
        return this.#castSpell(plan);
      case "drain":
        return this.#drain(plan.forMs);
      case "pruning":
        return this.#prune(plan);
      case "callback":
        return this.#scene.callbacks.order(plan);
    }
  }

  async #orderRequestFault(plan: Extract<FaultPlan, { kind: "request" }>): Promise<void> {
    const { clickclack, botId } = this.#scene;
    const order = { user_id: botId(plan.bot), ...AIMS[plan.aim], times: plan.times, fault: plan.fault };
    const { id } = await control<{ id: string }>(clickclack, "POST", "faults", order);
    this.#ordered.set(id, plan.name);
  }

  async #breakSockets(plan: Extract<FaultPlan, { kind: "socket" }>): Promise<void> {
    if (!(await this.#hasSocket(plan.bot))) return;
    if (plan.name === "socket dropped") return this.#dropSockets(plan.bot);
    const { clickclack, botId, tally } = this.#scene;
    const order = { user_id: botId(plan.bot), code: plan.code, reason: "chaos" };
    const { closed } = await control<{ closed: number }>(clickclack, "POST", "sockets/close", order);
    tally.add(plan.name, closed);
  }

  async #dropSockets(bot: BotName): Promise<void> {
    const { clickclack, botId, tally } = this.#scene;
    const order = { user_id: botId(bot) };
    const { destroyed } = await control<{ destroyed: number }>(clickclack, "POST", "sockets/destroy", order);
    tally.add("socket dropped", destroyed);
  }

  async #castSpell({ bot, name, forMs }: Extract<FaultPlan, { kind: "spell" }>): Promise<void> {
    if (!(await this.#hasSocket(bot)) || this.#over.signal.aborted) return;
    if (await this.#spells.cast(bot, name, forMs)) this.#scene.tally.add(SPELL_WORDS[name]);
  }

  async #drain(forMs: number): Promise<void> {
    const { gateway } = this.#scene;
    this.#draining++;
    await control(gateway, "POST", "drain", { draining: true });
    await this.#pause(forMs);
    if (--this.#draining === 0) await control(gateway, "POST", "drain", { draining: false });
  }

  async #prune({ keep, missedMs }: Extract<FaultPlan, { kind: "pruning" }>): Promise<void> {
    const { prunings, callbacks } = this.#scene;
    if (missedMs === undefined) return prunings.prune(keep);
    const missAndPrune = async () => {
      await this.#pause(missedMs);
      await Promise.all([prunings.prune(keep), ...SOCKET_BOTS.map((bot) => this.#dropSockets(bot))]);
    };
    await this.#spells.under(SOCKET_BOTS, "deaf", () =>
      callbacks.silence(() => this.#withoutSweeps(missAndPrune)),
    );
  }

  /** Keeps the bots that have only sweeps and callbacks from reading the log while something is done. */
  async #withoutSweeps(act: () => Promise<void>): Promise<void> {
    const { clickclack, botId } = this.#scene;
    const order = { ...AIMS.sweep, times: UNTIL_TAKEN_BACK, fault: { kind: "status", status: 503 } };
    const ordered = await Promise.all(
      CALLBACK_BOTS.filter((bot) => !SOCKET_BOTS.includes(bot)).map((bot) =>
        control<{ id: string }>(clickclack, "POST", "faults", { user_id: botId(bot), ...order }),
      ),
    );
    try {
      await act();
    } finally {
      await Promise.all(ordered.map(({ id }) => control(clickclack, "DELETE", `faults/${id}`)));
    }
  }

  /** Waits until a bot has one. */
  #hasSocket(bot: BotName): Promise<boolean> {
    const { clickclack, botId } = this.#scene;
    const path = `sockets?user_id=${botId(bot)}`;
    return holdsWithin(SOCKET_TIMEOUT_MS, async () => {
      const { sockets } = await control<{ sockets: unknown[] }>(clickclack, "GET", path);
      return sockets.length > 0;
    });
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#over.signal }).catch(() => {});
  }
}

const SPELL_WORDS: Record<SpellName, string> = {
  duplicate: "spell of duplicate frames",
  reorder: "spell of reordered frames",
  deaf: "deaf socket",
  stalled: "stalled socket",
};

/** A plan in a line. */
function told(plan: FaultPlan): string {
  const { name } = plan;
  switch (plan.kind) {
    case "request":
    case "callback":
      return `${name} for ${plan.bot}, ${plan.times} × ${plan.aim}`;
    case "drain":
      return name;
    case "pruning":
      return `${name} to ${plan.keep}${plan.missedMs === undefined ? "" : ", and the roads broken"}`;
    default:
      return `${name} for ${plan.bot}`;
  }
}
