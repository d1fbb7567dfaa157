import type { ClickClackClient } from "./client.ts";
import { ClickClackError } from "./errors.ts";

/** Why a token is refused; `unauthorized` when nobody can tell. */
export type TokenRefusal = "owner_left" | "bot_removed" | "token_revoked" | "unauthorized";

/** The human whom a bot belongs to. */
export interface Owner {
  id: string;
  /** As last seen; absent when they could not be looked up. */
  handle?: string;
  name?: string;
}

/** Whose token it is, from the time when it was taken. */
export interface RefusedBot {
  workspaceId: string;
  botUserId: string;
  /** Absent for a bot of the workspace. */
  owner?: Owner | undefined;
}

/**
 * Says why a token is refused. ClickClack's answer is the same for one that was revoked, for one whose bot was removed and
 * for one whose bot's owner has left the workspace; who is still there, another bot of the workspace can see.
 *
 * @param witnesses other bots
 */
export async function whyRefused(
  { workspaceId, botUserId, owner }: RefusedBot,
  witnesses: readonly ClickClackClient[],
): Promise<TokenRefusal> {
  for (const witness of witnesses) {
    try {
      if (owner !== undefined && !(await isThere(witness, workspaceId, owner))) return "owner_left";
      const bot = await witness.memberById(workspaceId, botUserId, "bot");
      return bot === undefined ? "bot_removed" : "token_revoked";
    } catch (error) {
      // It is in trouble itself.
      if (!(error instanceof ClickClackError)) throw error;
    }
  }
  return "unauthorized";
}

/** What to do about it. @param owner of the bot, if one is known */
export function refusalMend(reason: TokenRefusal, owner: Owner | undefined): string {
  const who = owner === undefined ? undefined : nameOf(owner);
  switch (reason) {
    case "owner_left":
      return `${who}, whose bot this is, has left the workspace: the token works again once they are back`;
    case "bot_removed":
      return "the bot was deleted or removed from the workspace: add it again, and set its new token";
    case "token_revoked":
      return "the token was revoked: set a new one";
    case "unauthorized": {
      const left = who === undefined ? "" : `, or ${who}, whose bot this is, has left the workspace`;
      return `the token is wrong or was revoked, the bot was removed from the workspace${left}`;
    }
  }
}

/** The search by handle finds somebody among any number of members, but not who has a new one: the old may be another's. */
async function isThere(witness: ClickClackClient, workspaceId: string, owner: Owner): Promise<boolean> {
  const named = owner.handle && (await witness.memberByHandle(workspaceId, owner.handle));
  if (named && named.id === owner.id) return true;
  return (await witness.memberById(workspaceId, owner.id)) !== undefined;
}

function nameOf({ id, handle, name }: Owner): string {
  return handle === undefined ? id : `${name} (@${handle})`;
}
