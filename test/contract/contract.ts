import { randomBytes, randomInt } from "node:crypto";
import { type ClickClackOptions, startClickClack } from "../../sandbox/clickclack/server.ts";
import {
  type Answer,
  Api,
  type CallOptions,
  type EventSubscription,
  type Message,
  type SlashCommand,
} from "./api.ts";
import { openSocket, type RealtimeSocket, type SocketOptions } from "./socket.ts";

/** A server that the suite runs against, and somebody who may set things up on it. */
export interface Contract {
  readonly url: string;
  /** A person who owns every workspace that the suite makes. */
  readonly owner: Api;
  readonly nobody: Api;
  close(): Promise<void>;
}

/**
 * Returns the server to run against: the stand-in, or, if `CLICKCLACK_TEST_URL` and `CLICKCLACK_TEST_SESSION` (a
 * person's session token, `sst_…`) are given, a real one. A real one has to run on this machine: some behaviour depends
 * on it, and callbacks come back to this machine only if it was built with the tag `clickclack_e2e_unsafe_callbacks`.
 * Everything is set up over ClickClack's own API, so that a test cannot tell the two apart.
 *
 * @param options of the stand-in; a real server has its own
 */
export async function openContract(options: ClickClackOptions = {}): Promise<Contract> {
  const { CLICKCLACK_TEST_URL: url, CLICKCLACK_TEST_SESSION: session } = process.env;
  if (url !== undefined && session !== undefined) return contractWith(url, session, async () => {});
  const standIn = await startClickClack(options);
  const order = { humans: [{ name: "Ada Human", handle: "" }] };
  const made = await new Api(standIn.url).post("/sandbox/workspaces", order);
  const { humans } = made.body as unknown as { humans: Record<string, { token: string }> };
  return contractWith(standIn.url, humans[""]?.token ?? "", standIn.close);
}

/** A workspace of its own for a group of tests, with a channel. */
export interface Workspace {
  readonly id: string;
  readonly channelId: string;
}

/** Makes a workspace and a channel `general` in it. */
export async function makeWorkspace({ owner }: Contract): Promise<Workspace> {
  const name = unique("contract");
  const { workspace } = (await created(owner.post("/api/workspaces", { name, slug: name }))).body;
  const { channel } = (
    await created(owner.post(`/api/workspaces/${workspace.id}/channels`, { name: "general" }))
  ).body;
  return { id: workspace.id, channelId: channel.id };
}

/** A bot with a token. */
export interface Bot extends Api {
  readonly id: string;
  readonly handle: string;
  readonly tokenId: string;
}

/** Makes a bot in a workspace; `bot:write` unless other scopes are asked for. */
export async function makeBot(
  contract: Contract,
  workspace: Workspace,
  scopes: readonly string[] = [],
): Promise<Bot> {
  const handle = unique("b");
  const path = `/api/workspaces/${workspace.id}/bots`;
  const made = await created(contract.owner.post(path, { display_name: `Bot ${handle}`, handle, scopes }));
  const { bot, bot_token } = made.body;
  return Object.assign(new Api(contract.url, bot_token.token), { id: bot.id, handle, tokenId: bot_token.id });
}

/** Subscribes a URL to a workspace's events; to all of them unless types are given. */
export async function subscribe(
  { owner }: Contract,
  workspace: Workspace,
  callback_url: string,
  event_types: readonly string[] = ["*"],
): Promise<EventSubscription> {
  const path = `/api/workspaces/${workspace.id}/event-subscriptions`;
  return (await created(owner.post(path, { event_types, callback_url }))).body.event_subscription;
}

/** Registers a slash command of a bot's. */
export async function makeSlashCommand(
  { owner }: Contract,
  workspace: Workspace,
  bot: Bot,
  order: { command: string; callback_url: string; description?: string },
): Promise<SlashCommand> {
  const path = `/api/workspaces/${workspace.id}/slash-commands`;
  return (await created(owner.post(path, { ...order, bot_user_id: bot.id }))).body.slash_command;
}

/** Invokes what may be a slash command in a workspace's channel. */
export function invoke(
  caller: Api,
  workspace: Workspace,
  form: Readonly<Record<string, string>>,
  options: Pick<CallOptions, "signal"> = {},
): Promise<Answer> {
  return caller.post(`/api/hooks/slash/${workspace.channelId}`, undefined, {
    ...options,
    raw: new URLSearchParams(form).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
}

/** Posts into a workspace's channel and returns the message. */
export async function say(
  author: Api,
  workspace: Workspace,
  body: string,
  more: object = {},
): Promise<Message> {
  return (await created(author.post(`/api/channels/${workspace.channelId}/messages`, { body, ...more }))).body
    .message;
}

/** Opens a direct conversation and returns its id. */
export async function openDm(opener: Api, workspace: Workspace, ...memberIds: string[]): Promise<string> {
  const body = { workspace_id: workspace.id, member_ids: memberIds };
  return (await created(opener.post("/api/dms", body))).body.conversation.id;
}

/** Opens a realtime socket of somebody in a workspace, from the newest event on unless a cursor is given. */
export async function listen(
  contract: Contract,
  reader: Api,
  workspace: Workspace,
  afterCursor?: string,
): Promise<RealtimeSocket> {
  const cursor = afterCursor ?? (await tail(reader, workspace));
  const options: SocketOptions = { token: reader.token };
  return openSocket(contract.url, { workspace_id: workspace.id, after_cursor: cursor }, options);
}

/** Returns the newest cursor that somebody can see. */
export async function tail(reader: Api, workspace: Workspace): Promise<string> {
  const answer = await reader.get(
    `/api/realtime/events?workspace_id=${workspace.id}&include_tail=true&limit=1`,
  );
  return answer.body.tail_cursor;
}

/** Returns somebody's own id. */
export async function idOf(someone: Api): Promise<string> {
  return (await someone.get("/api/me")).body.user.id;
}

/** Returns a name that nobody else has, of the letters that handles and slugs may have. */
export function unique(prefix: string): string {
  return `${prefix}-${randomBytes(6).toString("hex")}`;
}

/** Returns the headers with which a proxy on this machine passes on somebody's address, a new one every time. */
export function fromElsewhere(): Record<string, string> {
  const address = `203.0.113.${randomInt(256)}`.replace("113", String(randomInt(256)));
  return { "x-real-ip": address, "x-forwarded-for": address };
}

async function created(call: Promise<Answer>): Promise<Answer> {
  const answer = await call;
  if (answer.status !== 201) throw new Error(`not created: ${answer.status} ${answer.text}`);
  return answer;
}

function contractWith(url: string, session: string, close: () => Promise<void>): Contract {
  return { url, owner: new Api(url, session), nobody: new Api(url), close };
}
