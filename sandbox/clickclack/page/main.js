import { Api, ApiError } from "./api.js";
import { byId } from "./dom.js";
import { forget, remembered } from "./identity.js";
import { listen } from "./live.js";
import { Activity } from "./model/activity.js";
import { Chat } from "./model/chat.js";
import { takeEvent } from "./model/events.js";
import { keepRead } from "./model/unread.js";
import { Observable } from "./observable.js";
import { currentRoute } from "./route.js";
import { conversationView } from "./views/conversation.js";
import { drawerView } from "./views/drawer.js";
import { sidebarView } from "./views/sidebar.js";
import { threadView } from "./views/thread.js";
import { showError } from "./views/toast.js";
import { askWho } from "./views/who.js";

// Whatever nobody else catches is told to the person, so no click has to care for errors. Mistakes of the page's own
// stay in the console as well.
window.addEventListener("unhandledrejection", (event) => {
  if (event.reason instanceof ApiError) event.preventDefault();
  complain(event.reason);
});

void start();

async function start() {
  const { person, workspace } = remembered() ?? (await askWho());
  const api = new Api(person.token);
  const chat = new Chat(api, person, workspace);
  const activity = new Activity();
  const link = new Observable(/** @type {import("./live.js").LinkState} */ ("connecting"));

  sidebarView(chat, link, person);
  conversationView(chat, activity);
  threadView(chat, activity);
  drawerView(chat);
  keepRead(chat);
  byId("chat").hidden = false;
  window.addEventListener("hashchange", () => void chat.go(currentRoute()));

  // One after the other, so that a slow answer to an old event never overwrites what a newer one brought.
  let events = Promise.resolve();
  const takeInTurn = (/** @type {any} */ event) => {
    events = events.then(() => takeEvent(event, chat, activity)).catch(complain);
  };

  await listen({
    resync: async () => {
      const tail = await api.tail(workspace.id);
      await chat.load();
      await chat.go(currentRoute());
      return tail;
    },
    connect: (cursor) => api.socket(workspace.id, cursor),
    probe: () => api.me(),
    onEvent: takeInTurn,
    onState: (state) => link.set(state),
    // That nobody answers is what the link's sign says already, and says only once.
    onError: (error) => (error instanceof ApiError && error.status === 0) || complain(error),
  });
  complain(new Error("You are no longer in this workspace."));
}

/** @param {unknown} error */
function complain(error) {
  // The session is gone, for instance because the stand-in was started anew: back to "Who are you?".
  if (error instanceof ApiError && error.status === 401 && remembered()) forget();
  else showError(error);
}
