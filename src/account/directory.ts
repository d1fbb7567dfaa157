import type { ClickClackClient } from "../clickclack/client.ts";
import { ClickClackError } from "../clickclack/errors.ts";
import type { Owner } from "../clickclack/refused-token.ts";
import type { User, Workspace } from "../clickclack/wire.ts";
import type { AgentOutcome } from "../openclaw/read.ts";
import type { Agents } from "./agents.ts";
import type { AccountContext } from "./context.ts";
import type { Identity } from "./facts.ts";

/** No workspace of the token has the configured id, slug or name. */
export class WorkspaceNotFound extends Error {
  override readonly name = "WorkspaceNotFound";

  constructor(value: string) {
    super(`ClickClack workspace not found: ${value}`);
  }
}

/**
 * Who we are and who is where, asked of ClickClack and remembered while the object lives. What a message needs to know is
 * asked in its name: through the client that is given.
 */
export class Directory {
  readonly #context: AccountContext;
  readonly #others = new Map<string, readonly User[]>();
  readonly #members = new Map<string, User>();
  #agentId: string | undefined;
  #identity: Identity | undefined;

  constructor(context: AccountContext) {
    this.#context = context;
  }

  /** The identity as last seen, if the account was ever up and is still meant for the same server and workspace. */
  known(): Identity | undefined {
    this.#identity ??= this.#stored();
    return this.#identity;
  }

  #stored(): Identity | undefined {
    const { facts, account } = this.#context;
    const identity = facts.get("identity");
    if (identity?.apiBaseUrl !== account.apiBaseUrl) return undefined;
    const { workspaceId: id, workspaceSlug: slug, workspaceName: name } = identity;
    return isNamed({ id, slug, name }, account.workspace) ? identity : undefined;
  }

  /**
   * Asks who the token is and where it belongs.
   *
   * @throws {ClickClackError} when a call fails
   * @throws {WorkspaceNotFound} when the configured workspace is not the token's
   */
  async identify(): Promise<Identity> {
    const { client, account } = this.#context;
    const [me, workspaces] = await Promise.all([client.me(), client.workspaces()]);
    const workspace = workspaces.find((candidate) => isNamed(candidate, account.workspace));
    if (workspace === undefined) throw new WorkspaceNotFound(account.workspace);
    const owner = await this.#owner(me, workspace.id);
    this.#identity = { ...identityOf(account.apiBaseUrl, me, workspace), ...(owner && { owner }) };
    return this.#identity;
  }

  /** Known by name, so that it can be said who has left: then ClickClack tells us nothing any more. */
  async #owner({ owner_user_id: id }: User, workspaceId: string): Promise<Owner | undefined> {
    if (id === undefined) return undefined;
    const known = this.known()?.owner;
    if (known?.id === id && known.handle !== undefined) return known;
    try {
      const found = await this.member(this.#context.client, workspaceId, id);
      return found === undefined ? { id } : { id, handle: found.handle, name: found.display_name };
    } catch (error) {
      if (error instanceof ClickClackError) return { id };
      throw error;
    }
  }

  /**
   * The members of a direct conversation beside the bot, as of when they were first asked for: nobody is ever added.
   *
   * @throws {ClickClackError}
   */
  async othersIn(client: ClickClackClient, dmId: string, botUserId: string): Promise<readonly User[]> {
    const known = this.#others.get(dmId);
    if (known !== undefined) return known;
    const { members } = await client.directConversation(dmId);
    const others = members.filter((member) => member.id !== botUserId);
    this.#others.set(dmId, others);
    return others;
  }

  /**
   * A member of the workspace, as of when they were first asked for.
   *
   * @returns undefined for one that is not found
   * @throws {ClickClackError}
   */
  async member(client: ClickClackClient, workspaceId: string, userId: string): Promise<User | undefined> {
    const known = this.#members.get(userId);
    if (known !== undefined) return known;
    // Of a workspace with very many members the bots are looked through to their end: a bot must not pass for a person.
    const found =
      (await client.memberById(workspaceId, userId)) ?? (await client.memberById(workspaceId, userId, "bot"));
    if (found !== undefined) this.#members.set(userId, found);
    return found;
  }

  /** The account's agent, or the gateway's only one. */
  async agent(agents: Agents): Promise<AgentOutcome> {
    const agentId = this.knownAgent;
    if (agentId !== undefined) return { kind: "agent", agentId };
    const found = await agents.onlyAgent();
    if (found.kind === "agent") this.#agentId = found.agentId;
    return found;
  }

  /** The same, as far as it is known without asking. */
  get knownAgent(): string | undefined {
    // OpenClaw lower-cases agent ids.
    return this.#context.account.agentId?.toLowerCase() ?? this.#agentId;
  }

  /** Asks for the agent again next time; the gateway's agents may have changed. */
  forgetAgent(): void {
    this.#agentId = undefined;
  }

  /**
   * A channel by id or exact name.
   *
   * @returns undefined when there is none
   * @throws {ClickClackError}
   */
  async channelId(workspaceId: string, nameOrId: string): Promise<string | undefined> {
    if (nameOrId.startsWith("chn_")) return nameOrId;
    const channels = await this.#context.client.channels(workspaceId);
    return channels.find((channel) => channel.name === nameOrId)?.id;
  }
}

/** Case-sensitive, as in OpenClaw's plugin. */
function isNamed(workspace: Workspace, value: string): boolean {
  return workspace.id === value || workspace.slug === value || workspace.name === value;
}

function identityOf(apiBaseUrl: string, me: User, workspace: Workspace): Identity {
  return {
    apiBaseUrl,
    botUserId: me.id,
    handle: me.handle,
    displayName: me.display_name,
    workspaceId: workspace.id,
    workspaceName: workspace.name,
    workspaceSlug: workspace.slug,
  };
}
