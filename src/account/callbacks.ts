import type { CommandCallback } from "../clickclack/callback.ts";
import type { Event } from "../clickclack/wire.ts";
import { mayBeAllowed } from "../domain/admission.ts";
import { HOLD_MAX_MS } from "../limits.ts";
import type { AccountContext } from "./context.ts";
import type { Directory } from "./directory.ts";
import type { Identity } from "./facts.ts";
import type { CallbackArrival, Intake } from "./intake.ts";
import type { Delivery, Hold } from "./journal.ts";
import type { Link } from "./link.ts";

/** Why a callback is refused that ClickClack has signed. */
export type CallbackRefusal =
  | "malformed"
  | "wrong_workspace"
  | "wrong_bot"
  /** The very same request has come before. */
  | "replayed"
  /** The account has not been up since it was configured so, and does not know yet who it is. */
  | "not_started";

/** What became of a signed event. Plain data, because it crosses RPC. */
export type EventOutcome = { taken: true } | { taken: false; reason: CallbackRefusal };

/** What became of a slash command. */
export type CommandOutcome =
  | { taken: true }
  /** Nothing was asked, or by somebody who is not answered: they are told. */
  | { taken: false; reason: "no_text" | "not_allowed" }
  | { taken: false; reason: CallbackRefusal };

/**
 * The road of signed callbacks. What comes is journaled and nothing awaited, because ClickClack calls inside a person's
 * "send"; then the events are read, for a callback is only a bell: those before it may be late or lost, and nothing is
 * decided on before they are known.
 */
export class Callbacks {
  readonly #context: AccountContext;
  readonly #directory: Directory;
  readonly #intake: Intake;
  readonly #link: Link;

  constructor(context: AccountContext, directory: Directory, intake: Intake, link: Link) {
    this.#context = context;
    this.#directory = directory;
    this.#intake = intake;
    this.#link = link;
  }

  /** @param event ClickClack's, its signature checked */
  event(event: Event, delivery: Delivery): EventOutcome {
    if (event.cursor === "") return { taken: false, reason: "malformed" };
    const known = this.#identityIn(event.workspace_id);
    if ("reason" in known) return { taken: false, reason: known.reason };
    const messageId = event.payload?.message_id;
    if (typeof messageId === "string" && this.#isReplay(messageId, delivery))
      return { taken: false, reason: "replayed" };
    this.#intake.take(event, "callback", known.botUserId, this.#arrival(delivery));
    this.#context.log({ event: "callback:taken", kind: "events", reason: delivery.secret });
    return { taken: true };
  }

  /** @param given ClickClack's request, its signature checked */
  command(given: CommandCallback, delivery: Delivery): CommandOutcome {
    const { account, log, now } = this.#context;
    const known = this.#identityIn(given.workspace_id);
    if ("reason" in known) return { taken: false, reason: known.reason };
    if (given.bot_user_id !== known.botUserId) return { taken: false, reason: "wrong_bot" };
    if (given.text.trim() === "") return { taken: false, reason: "no_text" };
    if (!mayBeAllowed(account.admission.allowFrom.value, given.user_id))
      return { taken: false, reason: "not_allowed" };
    if (this.#isReplay(given.trigger_id, delivery)) return { taken: false, reason: "replayed" };
    const command = {
      triggerId: given.trigger_id,
      command: given.command,
      text: given.text.trim(),
      channelId: given.channel_id,
      userId: given.user_id,
      askedAt: now(),
    };
    this.#intake.command(command, this.#arrival(delivery));
    log({ event: "callback:taken", kind: "commands", reason: delivery.secret });
    return { taken: true };
  }

  /** Holds a message until the events were read as they are now. */
  hold(): Hold {
    return { look: this.#link.look(), until: this.#context.now() + HOLD_MAX_MS };
  }

  #arrival(delivery: Delivery): CallbackArrival {
    return { delivery, hold: () => this.hold() };
  }

  #isReplay(messageId: string, { signature }: Delivery): boolean {
    return this.#context.journal.find(messageId)?.signatures.includes(signature) ?? false;
  }

  #identityIn(workspaceId: string | undefined): Identity | { reason: "not_started" | "wrong_workspace" } {
    const identity = this.#directory.known();
    if (identity === undefined) return { reason: "not_started" };
    return workspaceId === identity.workspaceId ? identity : { reason: "wrong_workspace" };
  }
}
