import { ClickClackError } from "../../../src/clickclack/errors.ts";
import {
  type RefusedBot,
  refusalMend,
  type TokenRefusal,
  whyRefused,
} from "../../../src/clickclack/refused-token.ts";
import type { User, Workspace } from "../../../src/clickclack/wire.ts";
import { fail, listed, type Outcome, only, pass, warn, withValue } from "../finding.ts";
import { troubleOf } from "../trouble.ts";
import type { AccountView } from "../worker-side.ts";
import { nameOf, type Site } from "./site.ts";

const WORDS: Record<TokenRefusal, string> = {
  owner_left: "ClickClack refuses the token: the bot's owner has left the workspace",
  bot_removed: "ClickClack refuses the token: the bot is no longer in the workspace",
  token_revoked: "ClickClack refuses the token: it was revoked",
  unauthorized: "ClickClack refuses the token",
};

/** Whose token it is. */
export interface Bearer {
  /** Absent when the token may not ask. */
  me: User | undefined;
}

/**
 * @param witnesses other bots on the same server, who see more than a token that is refused
 * @param known the account as the Worker knows it from better days
 */
export async function tokenOutcome(
  { client }: Site,
  witnesses: readonly Site[],
  known: AccountView | undefined,
): Promise<Outcome<Bearer>> {
  try {
    const me = await client.me();
    if (me.kind !== "bot")
      return only(
        fail(
          `it is the session of a person, ${nameOf(me)}: the account would answer in their name`,
          "set a bot's token, which begins with ccb_",
        ),
      );
    return withValue({ me }, pass(`taken; it is of ${nameOf(me)}`));
  } catch (error) {
    if (!(error instanceof ClickClackError)) throw error;
    if (error.failure === "missing_scope")
      return withValue({ me: undefined }, pass("taken; it may not ask whose it is"));
    if (error.failure !== "unauthorized") return only(troubleOf(error));
    const bot = refusedBot(known);
    const reason =
      bot &&
      (await whyRefused(
        bot,
        witnesses.map((site) => site.client),
      ));
    return only(fail(WORDS[reason ?? "unauthorized"], mendOf(reason ?? "unauthorized", bot)));
  }
}

function mendOf(reason: TokenRefusal, bot: RefusedBot | undefined): string {
  const mend = refusalMend(reason, bot?.owner);
  if (reason !== "unauthorized") return mend;
  const hint = bot === undefined ? "; with --url, the Worker may tell more" : "";
  return `${mend}, or its owner has left: see there, or set a new one${hint}`;
}

function refusedBot(known: AccountView | undefined): RefusedBot | undefined {
  if (known?.identity === undefined || known.workspace === undefined) return undefined;
  const { id, owner } = known.identity;
  return { botUserId: id, workspaceId: known.workspace.id, owner };
}

export async function workspaceOutcome({ client, account }: Site): Promise<Outcome<Workspace>> {
  try {
    const all = await client.workspaces();
    const wanted = account.workspace;
    const found = all.find(({ id, slug, name }) => [id, slug, name].includes(wanted));
    if (found !== undefined) return withValue(found, pass(`${found.name} (${found.slug}, ${found.id})`));
    const there = listed(all.map(({ slug, name, id }) => `${slug} ("${name}", ${id})`));
    return only(
      fail(
        `workspace not found: ${wanted === "" ? "none is set" : wanted}`,
        there === ""
          ? "the token is in no workspace: make the bot a new one in the workspace that is meant"
          : `set workspace to ${there}, which is the token's, or use a token of the other workspace`,
      ),
    );
  } catch (error) {
    return only(troubleOf(error));
  }
}

export async function ownerOutcome(site: Site, { me }: Bearer, { id }: Workspace): Promise<Outcome<never>> {
  if (me === undefined) return only(warn("the token may not ask whose bot it is", "see scopes"));
  if (me.owner_user_id === undefined)
    return only(pass("a bot of the workspace, which nobody's leaving stops"));
  try {
    const members = await site.members(id);
    const owner = members.byId.get(me.owner_user_id);
    if (owner !== undefined)
      return only(pass(`a bot of ${nameOf(owner)}; its token stops working when they leave the workspace`));
    if (!members.isWhole)
      return only(pass(`a bot of ${me.owner_user_id}, who was not found among the first members`));
    return only(
      warn(
        `a bot of ${me.owner_user_id}, who is no member`,
        "the token stops working without them: make a bot of the workspace",
      ),
    );
  } catch (error) {
    return only(troubleOf(error));
  }
}
