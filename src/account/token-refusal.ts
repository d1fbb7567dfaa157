import type { ClickClackClient } from "../clickclack/client.ts";
import { ClickClackError } from "../clickclack/errors.ts";
import type { AccountContext } from "./context.ts";
import type { Identity, Owner } from "./facts.ts";

/** Why a token is refused; `unauthorized` when nobody can tell. */
export type TokenRefusal = "owner_left" | "bot_removed" | "token_revoked" | "unauthorized";

/** ClickClack refuses the token. */
export class TokenRefused extends Error {
  override readonly name = "TokenRefused";
  readonly reason: TokenRefusal;

  /** @param said by ClickClack */
  constructor(reason: TokenRefusal, said: string, mend: string) {
    super(`${said}; ${mend}`);
    this.reason = reason;
  }
}

/**
 * Says of a refused token why it is refused. ClickClack's answer is the same for one that was revoked, for one whose bot was
 * removed and for one whose bot's owner has left the workspace; who is still there, another account's bot can see.
 *
 * @param error of a call to ClickClack
 * @param identity of the account, if it was ever up
 * @returns the error itself when it is about anything else
 */
export async function explained(
  { witnesses }: AccountContext,
  error: unknown,
  identity: Identity | undefined,
): Promise<unknown> {
  if (!(error instanceof ClickClackError) || error.failure !== "unauthorized") return error;
  const reason = identity === undefined ? "unauthorized" : await reasonFor(identity, witnesses);
  return new TokenRefused(reason, error.message, mendOf(reason, identity));
}

async function reasonFor(identity: Identity, witnesses: readonly ClickClackClient[]): Promise<TokenRefusal> {
  for (const witness of witnesses) {
    try {
      return await seenBy(witness, identity);
    } catch (error) {
      // It is in trouble itself.
      if (!(error instanceof ClickClackError)) throw error;
    }
  }
  return "unauthorized";
}

async function seenBy(
  witness: ClickClackClient,
  { workspaceId, botUserId, owner }: Identity,
): Promise<TokenRefusal> {
  if (owner !== undefined && !(await isThere(witness, workspaceId, owner))) return "owner_left";
  const bot = await witness.memberById(workspaceId, botUserId, "bot");
  return bot === undefined ? "bot_removed" : "token_revoked";
}

/** The search by handle finds somebody among any number of members, but not who has a new one: the old may be another's. */
async function isThere(witness: ClickClackClient, workspaceId: string, owner: Owner): Promise<boolean> {
  const named = owner.handle && (await witness.memberByHandle(workspaceId, owner.handle));
  if (named && named.id === owner.id) return true;
  return (await witness.memberById(workspaceId, owner.id)) !== undefined;
}

function mendOf(reason: TokenRefusal, identity: Identity | undefined): string {
  const who = identity?.owner === undefined ? undefined : nameOf(identity.owner);
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

function nameOf({ id, handle, name }: Owner): string {
  return handle === undefined ? id : `${name} (@${handle})`;
}
