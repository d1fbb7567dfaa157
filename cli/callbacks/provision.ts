import type { CallbackKind } from "../../src/config/types.ts";
import { Problem } from "../problem.ts";
import type { SlashCommand, Subscription } from "./answers.ts";
import type { Manager } from "./manager.ts";

/** What the Worker has a use for: what was said, in channels and in threads. */
export const EVENT_TYPES = ["message.created", "thread.reply_created"] as const;

/** What is to call an account. */
export interface ProvisionOrder {
  workspaceId: string;
  /** Normalised account id. */
  accountId: string;
  /** The Worker's address, without a trailing slash. */
  url: string;
  /** Whether events shall. */
  events: boolean;
  /** Slash commands that shall, in lower case with their slash. */
  commands: readonly string[];
  /** The account's bot, in whose name commands are answered; needed for commands only. */
  botUserId?: string | undefined;
}

/** An event subscription or a slash command. */
export interface Callback {
  kind: CallbackKind;
  id: string;
  /** `/ask`; absent on a subscription. */
  command?: string;
  callbackUrl: string;
  /** Absent for what was there before: ClickClack shows a secret only when it is made. */
  secret?: string;
}

/** Where ClickClack calls the Worker. */
export function callbackUrl(url: string, accountId: string, kind: CallbackKind): string {
  return `${url}/clickclack/${accountId}/${kind}`;
}

/**
 * Has ClickClack call the Worker for an account, and gets the secrets that it signs with. What calls there already is left
 * as it is, so that a second run changes nothing; when something fails on the way, what was made is taken back.
 *
 * @returns everything that was asked for, in its order
 * @throws {Problem} when a command is somebody else's; nothing was made then
 * @throws {ClickClackError}
 */
export async function provision(manager: Manager, order: ProvisionOrder): Promise<Callback[]> {
  const { workspaceId } = order;
  const subscriptions = order.events ? await manager.subscriptions(workspaceId) : [];
  const commands = order.commands.length > 0 ? await manager.commands(workspaceId) : [];
  for (const command of order.commands) refuseTaken(order, commands, command);

  const all: Callback[] = [];
  const made: Callback[] = [];
  const take = async (there: Callback | undefined, make: () => Promise<Callback>) => {
    const callback = there ?? (await make());
    all.push(callback);
    if (there === undefined) made.push(callback);
  };
  try {
    if (order.events) {
      const address = callbackUrl(order.url, order.accountId, "events");
      const there = subscriptions.find(({ callback_url }) => callback_url === address);
      await take(there && ofSubscription(there), () => subscribe(manager, workspaceId, address));
    }
    for (const command of order.commands) {
      const there = commands.find((other) => other.command === command);
      await take(there && ofCommand(there), () => register(manager, order, command));
    }
    return all;
  } catch (error) {
    for (const callback of made) await takeBack(manager, callback);
    throw error;
  }
}

/**
 * Makes an event subscription, with a secret of its own.
 *
 * @throws {ClickClackError}
 */
export async function subscribe(manager: Manager, workspaceId: string, address: string): Promise<Callback> {
  const made = await manager.subscribe(workspaceId, address, EVENT_TYPES);
  return withOwnSecret(manager, ofSubscription(made));
}

/** The secrets that came with a set-up, by what they sign. */
export function secretsOf(callbacks: readonly Callback[]): Record<CallbackKind, string[]> {
  const secrets: Record<CallbackKind, string[]> = { events: [], commands: [] };
  for (const { kind, secret } of callbacks) if (secret !== undefined) secrets[kind].push(secret);
  return secrets;
}

export function ofCommand({ id, command, callback_url }: SlashCommand): Callback {
  return { kind: "commands", id, command, callbackUrl: callback_url };
}

function ofSubscription({ id, callback_url }: Subscription): Callback {
  return { kind: "events", id, callbackUrl: callback_url };
}

async function register(manager: Manager, order: ProvisionOrder, command: string): Promise<Callback> {
  const { workspaceId, accountId, url, botUserId = "" } = order;
  const address = callbackUrl(url, accountId, "commands");
  const description = "Ask a question";
  const made = await manager.register(workspaceId, { command, callbackUrl: address, botUserId, description });
  return withOwnSecret(manager, ofCommand(made));
}

/**
 * The secret that something is made with begins like its public id, because ClickClack draws both from one clock. Only
 * the one after it cannot be guessed from there, so whatever is new is rotated once.
 */
async function withOwnSecret(manager: Manager, callback: Callback): Promise<Callback> {
  try {
    return { ...callback, secret: await manager.rotate(callback.kind, callback.id) };
  } catch (error) {
    await takeBack(manager, callback);
    throw error;
  }
}

/** What cannot be taken back just now is found by the next run, which says how it gets a secret. */
async function takeBack(manager: Manager, { kind, id }: Callback): Promise<void> {
  await manager.revoke(kind, id).catch(() => {});
}

function refuseTaken(order: ProvisionOrder, commands: readonly SlashCommand[], command: string): void {
  const there = commands.find((other) => other.command === command);
  if (there === undefined) return;
  const isOurs = there.callback_url === callbackUrl(order.url, order.accountId, "commands");
  if (isOurs && there.bot_user_id === order.botUserId) return;
  const owner = isOurs ? "is answered by another bot" : `calls ${there.callback_url}`;
  throw new Problem(
    `--command ${command}: it is there and ${owner}; choose another name, or revoke it first`,
  );
}
