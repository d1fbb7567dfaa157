/**
 * ClickClack's API, as far as this page needs it. Field names are those on the wire.
 *
 * @typedef {{id: string, kind: "human" | "bot", display_name: string, handle: string}} User
 * @typedef {{last_seq: number, last_read_seq: number, unread_count: number}} Counters
 * @typedef {Counters & {id: string, name: string, display_title?: string, archived_at?: string}} Channel
 * @typedef {Counters & {id: string, members: User[], can_send: boolean}} Conversation
 * @typedef {{reply_count: number, last_reply_at?: string, last_reply_author_ids: string[]}} ThreadState
 * @typedef {{emoji: string, count: number, reacted_by_me: boolean}} Reaction
 * @typedef {{id: string, filename: string, content_type: string, byte_size: number}} Upload
 * @typedef {{
 *   id: string, author_id: string, author: User, body: string, kind: string, created_at: string,
 *   channel_id?: string, direct_conversation_id?: string, thread_root_id: string, parent_message_id?: string,
 *   channel_seq?: number, thread_seq?: number, edited_at?: string, deleted_at?: string,
 *   quoted_message_id?: string, quoted_body_snapshot?: string, quoted_author?: User,
 *   thread_state?: ThreadState, reactions?: Reaction[], attachments?: Upload[],
 * }} Message
 * @typedef {{kind: "channel" | "dm", id: string}} Place
 * @typedef {{body: string, nonce: string, quoted_message_id?: string}} Post
 */

/** A refusal; the message is the server's own text. */
export class ApiError extends Error {
  /**
   * @param {number} status 0 when there was no answer at all
   * @param {string} text
   */
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

/** The API as one person uses it. */
export class Api {
  #token;

  /** @param {string} token a session token */
  constructor(token) {
    this.#token = token;
  }

  async me() {
    return (await this.#call("GET", "/api/me")).user;
  }

  /** @param {string} workspaceId @returns {Promise<User[]>} */
  async members(workspaceId) {
    const users = [];
    let cursor = "";
    do {
      const query = new URLSearchParams({ limit: "200", ...(cursor && { cursor }) });
      const page = await this.#call("GET", `/api/workspaces/${workspaceId}/members?${query}`);
      for (const member of page.members) users.push(member.user);
      cursor = page.has_more ? page.next_cursor : "";
    } while (cursor);
    return users;
  }

  /** @param {string} workspaceId @returns {Promise<Channel[]>} */
  async channels(workspaceId) {
    return (await this.#call("GET", `/api/workspaces/${workspaceId}/channels`)).channels;
  }

  /** @param {string} workspaceId @returns {Promise<Conversation[]>} */
  async dms(workspaceId) {
    return (await this.#call("GET", `/api/dms?workspace_id=${workspaceId}`)).conversations;
  }

  /** @param {string} workspaceId @param {string} userId @returns {Promise<Conversation>} */
  async openDm(workspaceId, userId) {
    const order = { workspace_id: workspaceId, member_ids: [userId] };
    return (await this.#call("POST", "/api/dms", order)).conversation;
  }

  /**
   * @param {Place} place
   * @param {number} [beforeSeq] without it, the newest
   * @returns {Promise<{messages: Message[], has_older: boolean}>}
   */
  messages(place, beforeSeq) {
    return this.#call("GET", `${pathOf(place)}/messages${beforeSeq ? `?before_seq=${beforeSeq}` : ""}`);
  }

  /** @param {string} id @returns {Promise<Message>} */
  async message(id) {
    return (await this.#call("GET", `/api/messages/${id}`)).message;
  }

  /**
   * @param {string} rootId
   * @param {number} [limit]
   * @returns {Promise<{root: Message, replies: Message[], thread_state: ThreadState}>}
   */
  thread(rootId, limit = 200) {
    return this.#call("GET", `/api/messages/${rootId}/thread?latest=true&limit=${limit}`);
  }

  /** @param {Place} place @param {Post} post @returns {Promise<Message>} */
  async post(place, post) {
    return (await this.#call("POST", `${pathOf(place)}/messages`, post)).message;
  }

  /** @param {string} workspaceId @returns {Promise<{command: string, bot_user_id: string}[]>} */
  async slashCommands(workspaceId) {
    return (await this.#call("GET", `/api/workspaces/${workspaceId}/slash-commands`)).slash_commands;
  }

  /**
   * @param {string} channelId
   * @param {string} command
   * @param {string} text
   * @returns {Promise<{message: Message, text: string}>}
   */
  invoke(channelId, command, text) {
    return this.#call("POST", `/api/hooks/slash/${channelId}`, new URLSearchParams({ command, text }));
  }

  /** @param {string} rootId @param {Post} post @returns {Promise<Message>} */
  async reply(rootId, post) {
    return (await this.#call("POST", `/api/messages/${rootId}/thread/replies`, post)).message;
  }

  /** @param {string} id @param {string} body @returns {Promise<Message>} */
  async edit(id, body) {
    return (await this.#call("PATCH", `/api/messages/${id}`, { body })).message;
  }

  /** @param {string} id @returns {Promise<Message>} */
  async remove(id) {
    return (await this.#call("DELETE", `/api/messages/${id}`)).message;
  }

  /** @param {Place} place @param {number} seq */
  async markRead(place, seq) {
    await this.#call("POST", `${pathOf(place)}/read`, { seq });
  }

  /**
   * @param {string} workspaceId
   * @param {"typing.started" | "typing.stopped"} type
   * @param {Place} place
   * @param {string} [rootId] the thread; ClickClack knows no such target, so it rides along in the payload
   */
  async typing(workspaceId, type, place, rootId) {
    const target = place.kind === "channel" ? { channel_id: place.id } : { direct_conversation_id: place.id };
    const payload = rootId === undefined ? {} : { thread_root_id: rootId };
    await this.#call("POST", "/api/realtime/ephemeral", {
      workspace_id: workspaceId,
      type,
      ...target,
      payload,
    });
  }

  /** Fetches an upload and returns where in the page it is. @param {string} id */
  async download(id) {
    const headers = { authorization: `Bearer ${this.#token}` };
    const response = await fetch(`/api/uploads/${id}`, { headers });
    if (!response.ok) throw new ApiError(response.status, "The file cannot be fetched.");
    return URL.createObjectURL(await response.blob());
  }

  /** Returns where the event log ends now. @param {string} workspaceId @returns {Promise<string>} */
  async tail(workspaceId) {
    const query = `workspace_id=${workspaceId}&include_tail=true&limit=1`;
    return (await this.#call("GET", `/api/realtime/events?${query}`)).tail_cursor;
  }

  /**
   * Browsers cannot set headers on a WebSocket, so the token goes as a subprotocol.
   *
   * @param {string} workspaceId
   * @param {string} cursor
   */
  socket(workspaceId, cursor) {
    const url = new URL("/api/realtime/ws", location.href.replace(/^http/, "ws"));
    url.searchParams.set("workspace_id", workspaceId);
    if (cursor) url.searchParams.set("after_cursor", cursor);
    return new WebSocket(url, `clickclack.bearer.${this.#token}`);
  }

  /** @param {string} method @param {string} path @param {object} [body] a form as it is, anything else as JSON */
  #call(method, path, body) {
    return call(method, path, { authorization: `Bearer ${this.#token}` }, body);
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {Record<string, string>} [headers]
 * @param {object} [body] a form as it is, anything else as JSON
 * @returns {Promise<any>}
 */
export async function call(method, path, headers = {}, body) {
  const sent = body instanceof URLSearchParams ? body : body && JSON.stringify(body);
  const request = { method, headers, ...(sent && { body: sent }) };
  const response = await fetch(path, request).catch(() => {
    throw new ApiError(0, "ClickClack cannot be reached.");
  });
  const answer = await response.json().catch(() => undefined);
  if (!response.ok || answer === undefined)
    throw new ApiError(response.status, answer?.error ?? `ClickClack answered ${response.status}.`);
  return answer;
}

/** @param {Place} place */
function pathOf(place) {
  return place.kind === "channel" ? `/api/channels/${place.id}` : `/api/dms/${place.id}`;
}
