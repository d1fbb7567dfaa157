import type { User } from "../clickclack/wire.ts";
import { CHANNEL_NAMES_MAX_AGE_MS, NAME_RETRY_MS, NAME_WAIT_MS } from "../limits.ts";
import { errorText } from "../observe/redact.ts";
import type { AccountContext } from "./context.ts";
import type { Directory } from "./directory.ts";

/**
 * What the ids in a question are called. A name is an ornament: one that cannot be read, or not in time, is done without,
 * and an answer neither fails nor waits for it.
 */
export class Names {
  readonly #directory: Directory;
  #channels: ReadonlyMap<string, string> = new Map();
  /** When they are to be read again, Unix ms. */
  #channelsDueAt = 0;
  /** Channels that the list was read for in vain. */
  readonly #unlisted = new Set<string>();
  #reading: Promise<void> | undefined;
  /** People who were looked for in vain, and when to look again, Unix ms. */
  readonly #unknown = new Map<string, number>();

  constructor(directory: Directory) {
    this.#directory = directory;
  }

  /**
   * A channel's name, as of some minutes ago at most if it can be read, as last seen if not.
   *
   * @param context of the message that is asked about
   * @returns undefined for one that was never listed
   */
  async channel(
    context: AccountContext,
    workspaceId: string,
    channelId: string,
  ): Promise<string | undefined> {
    const isKnown = this.#channels.has(channelId) || this.#unlisted.has(channelId);
    if (!isKnown || context.now() >= this.#channelsDueAt) {
      this.#reading ??= this.#readChannels(context, workspaceId, channelId).finally(() => {
        this.#reading = undefined;
      });
      await briefly(context, this.#reading);
    }
    return this.#channels.get(channelId);
  }

  /** A channel's name as last seen, without asking. */
  seen(channelId: string): string | undefined {
    return this.#channels.get(channelId);
  }

  /**
   * A member of the workspace.
   *
   * @param context of the message that is asked about
   * @returns undefined for one that is not found
   */
  async person(context: AccountContext, workspaceId: string, userId: string): Promise<User | undefined> {
    if (context.now() < (this.#unknown.get(userId) ?? 0)) return undefined;
    let found: User | undefined;
    const search = this.#directory
      .member(context.client, workspaceId, userId)
      .then((member) => {
        found = member;
        if (member !== undefined) this.#unknown.delete(userId);
      })
      .catch((error: unknown) => context.log({ event: "name:failed", error: errorText(error) }));
    await briefly(context, search);
    if (found === undefined) this.#unknown.set(userId, context.now() + NAME_RETRY_MS);
    return found;
  }

  async #readChannels(context: AccountContext, workspaceId: string, channelId: string): Promise<void> {
    try {
      const channels = await context.client.channels(workspaceId);
      this.#channels = new Map(channels.map(({ id, name }) => [id, name]));
      this.#unlisted.clear();
      this.#channelsDueAt = context.now() + CHANNEL_NAMES_MAX_AGE_MS;
    } catch (error) {
      context.log({ event: "name:failed", error: errorText(error) });
      this.#channelsDueAt = context.now() + NAME_RETRY_MS;
    }
    if (!this.#channels.has(channelId)) this.#unlisted.add(channelId);
  }
}

/** Waits for work that handles its own errors, but not for long. It goes on all the same, for those who ask later. */
async function briefly(context: AccountContext, work: Promise<void>): Promise<void> {
  context.background(work);
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, NAME_WAIT_MS);
  await Promise.race([work, over.promise]);
  clearTimeout(timer);
}
