import { ClickClackError } from "../clickclack/errors.ts";
import { BOT_COMMANDS, type BotCommand } from "../domain/bot-command.ts";
import { MENU_RENEWAL_MS, RETRY_MAX_MS } from "../limits.ts";
import { errorText } from "../observe/redact.ts";
import type { AccountContext } from "./context.ts";
import type { Directory } from "./directory.ts";
import type { Identity } from "./facts.ts";
import type { Link } from "./link.ts";
import { isUp } from "./link-state.ts";

/**
 * The bot's command menu, which ClickClack shows to whoever types a slash. Published when the account comes up, whole:
 * what is there is replaced, as it may be a menu that OpenClaw's own plugin left. Nothing waits for it, and nothing fails
 * with it: typed, the commands work all the same.
 */
export class Menu {
  readonly #context: AccountContext;
  readonly #directory: Directory;
  readonly #link: Link;
  #isPublishing = false;
  #hasPublished = false;
  /** Until then nothing is to be done, whatever happens, Unix ms. */
  #restsUntil = 0;

  constructor(context: AccountContext, directory: Directory, link: Link) {
    this.#context = context;
    this.#directory = directory;
    this.#link = link;
  }

  /** Publishes the menu if the account is up and it is not known to stand there. */
  tick(): void {
    const { background, now } = this.#context;
    if (this.#isPublishing || now() < this.#restsUntil) return;
    const identity = this.#directory.known();
    if (identity === undefined || !isUp(this.#link.status)) return;
    const wanted = this.#wanted();
    if (wanted === undefined || this.#stands(identity, wanted)) return;
    this.#isPublishing = true;
    background(
      this.#publish(identity, wanted).finally(() => {
        this.#isPublishing = false;
      }),
    );
  }

  /** Where no menu is wanted, only one that was published from here is taken away. */
  #wanted(): readonly BotCommand[] | undefined {
    const { account, facts } = this.#context;
    if (account.commandMenu) return BOT_COMMANDS;
    return facts.get("menu") === undefined ? undefined : [];
  }

  /** Every start publishes it, but that of an object that sleeps and wakes all the time. */
  #stands(identity: Identity, wanted: readonly BotCommand[]): boolean {
    const { account, facts, now } = this.#context;
    const published = facts.get("menu");
    if (!this.#hasPublished && account.inbound !== "callbacks") return false;
    if (published?.menu !== menuOf(identity, wanted)) return false;
    this.#restsUntil = published.at + MENU_RENEWAL_MS;
    return now() < this.#restsUntil;
  }

  async #publish(identity: Identity, wanted: readonly BotCommand[]): Promise<void> {
    const { client, facts, log, now } = this.#context;
    try {
      await client.publishCommands(wanted);
      facts.set("menu", { menu: menuOf(identity, wanted), at: now() });
      this.#hasPublished = true;
      log({ event: "menu:published", commands: wanted.length });
    } catch (error) {
      const isLater = error instanceof ClickClackError && error.retryable;
      this.#restsUntil = now() + (isLater ? RETRY_MAX_MS : MENU_RENEWAL_MS);
      log({ event: "menu:failed", error: errorText(error) });
    }
  }
}

/** A menu, as it can be told from another: of another bot, or with other commands. */
function menuOf({ apiBaseUrl, botUserId, workspaceId }: Identity, commands: readonly BotCommand[]): string {
  return JSON.stringify([apiBaseUrl, workspaceId, botUserId, commands]);
}
