import { EXIT, Problem } from "../problem.ts";
import type { Subscription } from "./answers.ts";
import type { Manager } from "./manager.ts";
import { type Callback, ofCommand, subscribe } from "./provision.ts";

/**
 * Begins a rotation that loses nothing: beside the subscription that is there, another one for the same address, so that
 * every event is signed with the old secret and with the new one, and the Worker takes each message once.
 *
 * @param address where the subscription calls
 * @returns the new one
 * @throws {Problem} when there is none to take over from
 * @throws {ClickClackError}
 */
export async function rotateEvents(
  manager: Manager,
  workspaceId: string,
  address: string,
): Promise<Callback> {
  await subscriptionsAt(manager, workspaceId, address);
  return subscribe(manager, workspaceId, address);
}

/**
 * Ends a rotation: revokes all subscriptions of an address but the newest.
 *
 * @returns how many were revoked
 * @throws {Problem} when there is none, or the Worker does not take the new secret yet
 * @throws {ClickClackError}
 */
export async function finishEvents(manager: Manager, workspaceId: string, address: string): Promise<number> {
  const all = await subscriptionsAt(manager, workspaceId, address);
  const older = all.slice(0, -1);
  const [newest] = all.slice(-1);
  if (newest === undefined || older.length === 0) return 0;
  const status = await manager.lastStatus(newest.id);
  if (status !== undefined && (status < 200 || status >= 300)) {
    const answer = status === 0 ? "not answered" : `answered with status ${status}`;
    throw new Problem(
      `--finish: the last call of the new subscription was ${answer}, so the Worker may not have its secret yet; put the secret that --rotate has shown, and finish when something was said since`,
      EXIT.failed,
    );
  }
  for (const { id } of older) await manager.revoke("events", id);
  return older.length;
}

/**
 * Gives every slash command that calls an address a new secret. ClickClack has one command of a name, so the old secret is
 * dead at once. When it fails on the way, only another rotation brings all secrets together.
 *
 * @param before told of the commands before anything is done to them
 * @returns them with their new secrets; none when no command calls there
 * @throws {ClickClackError}
 */
export async function rotateCommands(
  manager: Manager,
  workspaceId: string,
  address: string,
  before: (commands: readonly Callback[]) => void,
): Promise<Callback[]> {
  const there = (await manager.commands(workspaceId))
    .filter(({ callback_url }) => callback_url === address)
    .map(ofCommand);
  if (there.length > 0) before(there);
  const rotated: Callback[] = [];
  for (const callback of there)
    rotated.push({ ...callback, secret: await manager.rotate("commands", callback.id) });
  return rotated;
}

async function subscriptionsAt(
  manager: Manager,
  workspaceId: string,
  address: string,
): Promise<Subscription[]> {
  const all = await manager.subscriptions(workspaceId);
  const there = all.filter(({ callback_url }) => callback_url === address);
  if (there.length === 0)
    throw new Problem(`--url: no event subscription calls ${address}; correct it, or set it up first`);
  return there;
}
