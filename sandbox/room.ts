/** Somebody in the workspace, with what lets them in. */
export interface Member {
  id: string;
  handle: string;
  token: string;
}

/** A message as the talk needs it. */
export interface Said {
  id: string;
  author_id: string;
  body: string;
  quoted_message_id?: string;
  attachments?: Attachment[];
}

/** A file that hangs on a message. */
export interface Attachment {
  id: string;
  filename: string;
  content_type: string;
  byte_size: number;
}

/** A file to hang on a message. */
export interface NewAttachment {
  filename: string;
  contentType: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** An entry of a bot's menu. */
export interface BotCommand {
  command: string;
  description: string;
  args_hint: string;
  bot: { id: string; handle: string };
}

/** How long a reply is waited for; a bot here takes a second or two. */
const REPLY_TIMEOUT_MS = 20_000;
const POLL_INTERVAL_MS = 50;

/** The sandbox's workspace, for people to talk in. Speaks ClickClack's API as anybody could. */
export interface Room {
  workspaceId: string;
  channelId(name: string): string;
  person(handle: string): Member;
  bot(handle: string): Member;
  /** @returns the message's id */
  say(who: Member, channelId: string, body: string, quotedId?: string): Promise<string>;
  replyInThread(who: Member, rootId: string, body: string): Promise<string>;
  openDm(who: Member, ...others: Member[]): Promise<string>;
  sayInDm(who: Member, dmId: string, body: string): Promise<string>;
  edit(who: Member, messageId: string, body: string): Promise<void>;
  remove(who: Member, messageId: string): Promise<void>;
  /** Gives a slash command. @returns what its giver alone is shown */
  command(who: Member, channelId: string, command: string, text: string): Promise<string>;
  react(who: Member, messageId: string, emoji: string): Promise<void>;
  /** Takes another display name. */
  rename(who: Member, name: string): Promise<void>;
  /** @returns the new channel's id */
  addChannel(who: Member, name: string): Promise<string>;
  /** Hangs a file on an own message. @returns the upload's id */
  attach(who: Member, messageId: string, file: NewAttachment): Promise<string>;
  /** The message with all that hangs on it. */
  messageOf(who: Member, messageId: string): Promise<Said>;
  /** The menus of all bots. */
  botCommands(who: Member): Promise<BotCommand[]>;
  /** Ends a membership. With a person's, the tokens of the bots that are theirs stop working. */
  leave(who: Member): Promise<void>;
  /** Makes somebody a member again who has left; a person comes back as a plain member. */
  comeBack(who: Member): Promise<void>;
  inChannel(who: Member, channelId: string): Promise<Said[]>;
  inThread(who: Member, rootId: string): Promise<Said[]>;
  inDm(who: Member, dmId: string): Promise<Said[]>;
}

/** What a workspace shall have. */
export interface RoomOrder {
  name: string;
  slug: string;
  channels: string[];
  humans: { name: string; handle: string; role?: "owner" | "member" }[];
  /** `owner` is the handle of the human that a bot belongs to; without one it is the workspace's. */
  bots: { name: string; handle: string; scopes?: string[]; owner?: string }[];
}

/** A workspace as the stand-in made it. Plain data. */
export interface RoomData {
  workspace: { id: string };
  channels: Record<string, string>;
  humans: Record<string, { id: string; token: string }>;
  bots: Record<string, { id: string; token: string }>;
}

/**
 * Makes a workspace on a stand-in ClickClack.
 *
 * @param url the stand-in's address
 */
export function makeRoom(url: string, order: RoomOrder): Promise<RoomData> {
  return call(url, "POST", "/sandbox/workspaces", undefined, order) as Promise<RoomData>;
}

/** A workspace that was made, to talk in. */
export function roomAt(url: string, made: RoomData): Room {
  const member = (people: RoomData["humans"], handle: string): Member => {
    const found = people[handle];
    if (found === undefined) throw new Error(`nobody here is called ${handle}`);
    return { handle, ...found };
  };
  const post = async (who: Member, path: string, body: string, quotedId?: string): Promise<string> =>
    ((await call(url, "POST", path, who, { body, quoted_message_id: quotedId })) as { message: Said }).message
      .id;
  const list = async (who: Member, path: string, key: "messages" | "replies"): Promise<Said[]> =>
    ((await call(url, "GET", path, who)) as Record<typeof key, Said[]>)[key];
  const membership = async (change: string, { id }: Member): Promise<void> => {
    const order = { user_id: id, workspace_id: made.workspace.id };
    await call(url, "POST", `/sandbox/${change}`, undefined, order);
  };

  return {
    workspaceId: made.workspace.id,
    channelId: (name) => made.channels[name] ?? fail(`there is no channel ${name}`),
    person: (handle) => member(made.humans, handle),
    bot: (handle) => member(made.bots, handle),
    say: (who, channelId, body, quotedId) => post(who, `/api/channels/${channelId}/messages`, body, quotedId),
    replyInThread: (who, rootId, body) => post(who, `/api/messages/${rootId}/thread/replies`, body),
    openDm: async (who, ...others) => {
      const order = { workspace_id: made.workspace.id, member_ids: others.map(({ id }) => id) };
      const answer = (await call(url, "POST", "/api/dms", who, order)) as { conversation: { id: string } };
      return answer.conversation.id;
    },
    sayInDm: (who, dmId, body) => post(who, `/api/dms/${dmId}/messages`, body),
    edit: async (who, id, body) => void (await call(url, "PATCH", `/api/messages/${id}`, who, { body })),
    remove: async (who, id) => void (await call(url, "DELETE", `/api/messages/${id}`, who)),
    command: async (who, channelId, command, text) => {
      const response = await fetch(`${url}/api/hooks/slash/${channelId}`, {
        method: "POST",
        headers: { authorization: `Bearer ${who.token}` },
        body: new URLSearchParams({ command, text }),
      });
      const answer = (await response.json()) as { text?: string; error?: string };
      if (!response.ok) throw new Error(`${command} answered ${response.status}: ${answer.error}`);
      return answer.text ?? "";
    },
    react: async (who, id, emoji) =>
      void (await call(url, "POST", `/api/messages/${id}/reactions`, who, { emoji })),
    rename: async (who, name) => void (await call(url, "PATCH", "/api/me", who, { display_name: name })),
    addChannel: async (who, name) => {
      const path = `/api/workspaces/${made.workspace.id}/channels`;
      return ((await call(url, "POST", path, who, { name })) as { channel: { id: string } }).channel.id;
    },
    attach: async (who, id, file) => {
      const upload_id = await upload(url, made.workspace.id, who, file);
      await call(url, "POST", `/api/messages/${id}/attachments`, who, { upload_id });
      return upload_id;
    },
    messageOf: async (who, id) =>
      ((await call(url, "GET", `/api/messages/${id}`, who)) as { message: Said }).message,
    botCommands: async (who) => {
      const answer = await call(url, "GET", `/api/workspaces/${made.workspace.id}/bot-commands`, who);
      return (answer as { bot_commands: BotCommand[] }).bot_commands;
    },
    leave: (who) => membership("remove-member", who),
    comeBack: (who) => membership("restore-member", who),
    inChannel: (who, channelId) => list(who, `/api/channels/${channelId}/messages`, "messages"),
    inThread: (who, rootId) => list(who, `/api/messages/${rootId}/thread`, "replies"),
    inDm: (who, dmId) => list(who, `/api/dms/${dmId}/messages`, "messages"),
  };
}

/**
 * Waits for a message that fits.
 *
 * @param read lists the place
 * @throws when none came in time, with what was there instead
 */
export async function waitFor(read: () => Promise<Said[]>, fits: (said: Said) => boolean): Promise<Said> {
  const until = Date.now() + REPLY_TIMEOUT_MS;
  for (;;) {
    const all = await read();
    const found = all.find(fits);
    if (found !== undefined) return found;
    if (Date.now() > until)
      throw new Error(`no such message within ${REPLY_TIMEOUT_MS / 1000} s; there are ${all.length} others`);
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
  }
}

async function call(
  url: string,
  method: string,
  path: string,
  who?: Member,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(url + path, {
    method,
    headers: who === undefined ? {} : { authorization: `Bearer ${who.token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok)
    throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

async function upload(url: string, workspaceId: string, who: Member, file: NewAttachment): Promise<string> {
  const form = new FormData();
  form.append("file", new Blob([file.bytes], { type: file.contentType }), file.filename);
  const response = await fetch(`${url}/api/uploads?workspace_id=${workspaceId}`, {
    method: "POST",
    headers: { authorization: `Bearer ${who.token}` },
    body: form,
  });
  if (!response.ok) throw new Error(`an upload answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { upload: Attachment }).upload.id;
}

function fail(text: string): never {
  throw new Error(text);
}
