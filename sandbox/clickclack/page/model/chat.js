import { ApiError } from "../api.js";
import { Observable } from "../observable.js";
import { isSamePlace } from "../route.js";
import { isReply, placeOf, withMessage } from "./messages.js";
import { invokeCommand } from "./slash.js";

/**
 * @typedef {import("../api.js").Api} Api
 * @typedef {import("../api.js").Channel} Channel
 * @typedef {import("../api.js").Conversation} Conversation
 * @typedef {import("../api.js").Message} Message
 * @typedef {import("../api.js").Place} Place
 * @typedef {import("../api.js").User} User
 * @typedef {{messages: Message[], hasOlder: boolean, isLoading: boolean}} Timeline
 * @typedef {{rootId: string, root?: Message, replies: Message[]}} Thread
 */

/** @type {Timeline} */
const LOADING = { messages: [], hasOlder: false, isLoading: true };

/** What the person sees: the lists at the side, and the messages of the one place and the one thread that are open. */
export class Chat {
  members = new Observable(/** @type {Map<string, User>} */ (new Map()));
  channels = new Observable(/** @type {Channel[]} */ ([]));
  dms = new Observable(/** @type {Conversation[]} */ ([]));
  place = new Observable(/** @type {Place | undefined} */ (undefined));
  timeline = new Observable(LOADING);
  thread = new Observable(/** @type {Thread | undefined} */ (undefined));
  notice = new Observable(/** @type {import("./slash.js").Notice | undefined} */ (undefined));

  /**
   * @param {Api} api
   * @param {{id: string}} me
   * @param {{id: string, name: string}} workspace
   */
  constructor(api, me, workspace) {
    this.api = api;
    this.me = me;
    this.workspace = workspace;
  }

  /** Loads everything anew: at the start, and when too much was missed. */
  async load() {
    await Promise.all([this.loadMembers(), this.loadChannels(), this.loadDms()]);
    const thread = this.thread.value;
    await Promise.all([this.place.value && this.#loadTimeline(), thread && this.#loadThread(thread.rootId)]);
  }

  async loadMembers() {
    const users = await this.api.members(this.workspace.id);
    this.members.set(new Map(users.map((user) => [user.id, user])));
  }

  async loadChannels() {
    this.channels.set(await this.api.channels(this.workspace.id));
  }

  async loadDms() {
    this.dms.set(await this.api.dms(this.workspace.id));
  }

  /** Opens what an address names. @param {import("../route.js").Route} route */
  async go({ place = this.#home(), rootId }) {
    if (rootId !== this.thread.value?.rootId) this.thread.set(rootId ? { rootId, replies: [] } : undefined);
    const isNewPlace = !isSamePlace(place, this.place.value);
    if (isNewPlace) {
      this.timeline.set(LOADING);
      this.place.set(place);
    }
    const isNewThread = this.thread.value !== undefined && this.thread.value.root === undefined;
    await Promise.all([isNewPlace && this.#loadTimeline(), isNewThread && this.#loadThread(rootId ?? "")]);
  }

  async loadOlder() {
    const place = this.place.value;
    const [oldest] = this.timeline.value.messages;
    if (place === undefined || oldest === undefined) return;
    const page = await this.api.messages(place, oldest.channel_seq);
    if (!isSamePlace(place, this.place.value)) return;
    this.timeline.update(({ messages }) => ({
      messages: [...page.messages, ...messages],
      hasOlder: page.has_older,
      isLoading: false,
    }));
  }

  /** Takes in a message, if it belongs to what is open. @param {Message} message */
  put(message) {
    if (isSamePlace(placeOf(message), this.place.value) && !isReply(message)) {
      this.timeline.update((old) => ({ ...old, messages: withMessage(old.messages, message) }));
    }
    this.thread.update((old) => {
      if (old?.rootId !== message.thread_root_id) return old;
      if (!isReply(message)) return { ...old, root: message };
      return { ...old, replies: withMessage(old.replies, message) };
    });
  }

  /** Fetches a message and takes it in. @param {string} id @returns {Promise<Message | undefined>} */
  async fetch(id) {
    const message = await this.api.message(id).catch((error) => {
      // Between its event and now it may have been hidden; ClickClack says so in the words of its database.
      if (error instanceof ApiError && (error.status === 400 || error.status === 403)) return undefined;
      throw error;
    });
    if (message !== undefined) this.put(message);
    return message;
  }

  /** Fetches how many replies a thread has; a message by itself does not tell. @param {string} rootId */
  async refreshThreadState(rootId) {
    if (!this.timeline.value.messages.some(({ id }) => id === rootId)) return;
    const { root, thread_state } = await this.api.thread(rootId, 1);
    this.put({ ...root, thread_state });
  }

  /**
   * @param {import("../api.js").Post} post
   * @param {Place} place
   * @param {string} [rootId]
   */
  async send(post, place, rootId) {
    if (rootId === undefined && (await invokeCommand(this, post, place))) return;
    this.put(rootId === undefined ? await this.api.post(place, post) : await this.api.reply(rootId, post));
  }

  /** @param {string} id @param {string} body */
  async edit(id, body) {
    this.put(await this.api.edit(id, body));
  }

  /** @param {string} id */
  async remove(id) {
    this.put(await this.api.remove(id));
  }

  /** @param {string} userId @returns {Promise<Place>} */
  async openDm(userId) {
    const { id } = await this.api.openDm(this.workspace.id, userId);
    await this.loadDms();
    return { kind: "dm", id };
  }

  async #loadTimeline() {
    const place = this.place.value;
    if (place === undefined) return;
    const page = await this.api.messages(place);
    if (!isSamePlace(place, this.place.value)) return;
    this.timeline.update(({ messages, isLoading }) => ({
      // What came over the socket while the page was on its way may be missing from it.
      messages: isLoading ? messages.reduce(withMessage, page.messages) : page.messages,
      hasOlder: page.has_older,
      isLoading: false,
    }));
  }

  /** @param {string} rootId */
  async #loadThread(rootId) {
    const { root, replies } = await this.api.thread(rootId);
    this.thread.update((open) => {
      if (open?.rootId !== rootId) return open;
      return { rootId, root, replies: open.root ? replies : open.replies.reduce(withMessage, replies) };
    });
  }

  /** @returns {Place} */
  #home() {
    const channels = this.channels.value;
    const home = channels.find(({ name }) => name === "general") ?? channels[0];
    return { kind: "channel", id: home?.id ?? "" };
  }
}
