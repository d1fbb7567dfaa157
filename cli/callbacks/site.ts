import { ClickClackClient } from "../../src/clickclack/client.ts";
import { ClickClackError } from "../../src/clickclack/errors.ts";
import type { User } from "../../src/clickclack/wire.ts";
import { Problem } from "../problem.ts";
import type { ManagedWorkspace } from "./answers.ts";
import type { Described } from "./described.ts";
import type { Flags } from "./flags.ts";
import { Manager } from "./manager.ts";

const MANAGERS = ["owner", "moderator"];

/** Where ClickClack is, and whether the document says so as well: only then it is shown the document's secrets. */
export interface Address {
  url: string;
  isDocuments: boolean;
}

/** @throws {Problem} */
export function addressIn(flags: Pick<Flags, "clickclack">, { account }: Described): Address {
  const url = flags.clickclack ?? account.apiBaseUrl;
  if (url !== "") return { url, isDocuments: url === account.apiBaseUrl };
  throw new Problem("--clickclack: give ClickClack's address, for the document has none that can be used");
}

/** ClickClack as the session's owner sees it. */
export function managerAt({ url, isDocuments }: Address, flags: Flags, { access }: Described): Manager {
  return new Manager({ url, token: flags.session, access: isDocuments ? access : undefined });
}

/**
 * Finds the workspace.
 *
 * @param mayLook whether every member may do it
 * @throws {Problem}
 * @throws {ClickClackError}
 */
export async function findWorkspace(
  manager: Manager,
  wanted: string,
  mayLook: boolean,
): Promise<ManagedWorkspace> {
  if (wanted === "") throw new Problem("--workspace: give its id, slug or name, for the document has none");
  const all = await manager.workspaces();
  const found = all.find(({ id, slug, name }) => [id, slug, name].includes(wanted));
  if (found === undefined) {
    const seen = all.map(({ slug }) => slug).join(", ") || "none at all";
    throw new Problem(`--workspace ${wanted}: the session is in no such workspace; it is in ${seen}`);
  }
  if (mayLook || found.role === undefined || MANAGERS.includes(found.role)) return found;
  throw new Problem(
    `--session: it is of a ${found.role} of ${found.name}, and only an owner or a moderator may do this; take the session of one`,
  );
}

/**
 * Finds the account's bot: the one that is named, else the one whose token the document has, else the only one there is.
 *
 * @param named a handle, with or without its at, or an id
 * @throws {Problem}
 * @throws {ClickClackError}
 */
export async function findBot(
  manager: Manager,
  workspace: ManagedWorkspace,
  named: string | undefined,
  address: Address,
  described: Described,
): Promise<User> {
  const bots = await manager.bots(workspace.id);
  const handles = bots.map(({ handle, id }) => handle || id).join(", ") || "none at all";
  const wanted = named?.replace(/^@/, "");
  const own = wanted ?? (await ownId(address, described));
  if (own !== undefined) {
    const found = bots.find(({ id, handle }) => id === own || handle === own);
    if (found !== undefined) return found;
    const which = named === undefined ? `the bot of account "${described.account.id}"` : named;
    throw new Problem(`--bot: ${which} is no bot of ${workspace.name}; use one of: ${handles}`);
  }
  const [only, ...others] = bots;
  if (only !== undefined && others.length === 0) return only;
  throw new Problem(
    `--bot: say in whose name commands are answered; the bots of ${workspace.name}: ${handles}`,
  );
}

async function ownId(
  { url, isDocuments }: Address,
  { account, access }: Described,
): Promise<string | undefined> {
  if (!isDocuments || account.token === undefined) return undefined;
  try {
    return (await new ClickClackClient({ url, token: account.token, access }).me()).id;
  } catch (error) {
    if (!(error instanceof ClickClackError) || error.retryable) throw error;
    throw new Problem(
      `--bot: the token of account "${account.id}" does not tell whose it is (${error.message}); name the bot here`,
    );
  }
}
