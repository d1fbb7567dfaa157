import { Manager } from "../cli/callbacks/manager.ts";
import { provision, secretsOf } from "../cli/callbacks/provision.ts";
import { callbackVariable } from "../src/config/callbacks.ts";
import { Secret } from "../src/config/secret.ts";
import type { Member, Room } from "./room.ts";

/** Where callbacks come from and go to. */
export interface CallRoute {
  /** ClickClack's address. */
  clickclack: string;
  /** Where the Worker can be called. */
  worker: string;
  room: Room;
  /** Of the workspace; nobody else may set this up. */
  owner: Member;
}

/** What calls an account, which is named like its bot. */
export interface CallOrder {
  bot: string;
  /** Whether what is said does. */
  events: boolean;
  /** With its slash. */
  command: string;
}

/**
 * Has ClickClack call the Worker, as somebody does who runs it.
 *
 * @returns the Worker secrets that this is signed with, by name
 */
export async function callBack(
  { clickclack, worker, room, owner }: CallRoute,
  orders: readonly CallOrder[],
): Promise<Record<string, string>> {
  const manager = new Manager({ url: clickclack, token: new Secret(owner.token) });
  const variables: Record<string, string> = {};
  for (const { bot, events, command } of orders) {
    const callbacks = await provision(manager, {
      workspaceId: room.workspaceId,
      accountId: bot,
      url: worker,
      events,
      commands: [command],
      botUserId: room.bot(bot).id,
    });
    const secrets = secretsOf(callbacks);
    for (const kind of ["events", "commands"] as const)
      if (secrets[kind].length > 0) variables[callbackVariable(bot, kind)] = secrets[kind].join();
  }
  return variables;
}
