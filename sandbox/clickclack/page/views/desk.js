import { Typist } from "../model/typist.js";
import { activityView } from "./activity.js";
import { Composer } from "./composer.js";
import { MessageList } from "./message-list.js";

/**
 * A list of messages, what others do there, and where to write the next. The open place is one, the open thread another.
 *
 * @param {import("../model/chat.js").Chat} chat
 * @param {import("../model/activity.js").Activity} activity
 * @param {{label: string, isThread: boolean}} options
 */
export function desk(chat, activity, { label, isThread }) {
  const target = () => {
    const place = chat.place.value;
    if (place === undefined) throw new Error("There is no channel yet.");
    return { place, rootId: isThread ? chat.thread.value?.rootId : undefined };
  };
  const typist = new Typist((type, { place, rootId }) =>
    chat.api.typing(chat.workspace.id, type, place, rootId),
  );
  const composer = new Composer({
    members: () => [...chat.members.value.values()].filter(({ id }) => id !== chat.me.id),
    onSend: async (post) => {
      const { place, rootId } = target();
      await chat.send(post, place, rootId);
    },
    onEdit: (id, body) => chat.edit(id, body),
    onWrite: () => typist.write(target()),
    onStop: () => typist.stop(),
  });
  const list = new MessageList(label, {
    chat,
    isThread,
    onQuote: (message) => composer.quote(message),
    onEdit: (message) => composer.edit(message),
  });
  return {
    list,
    composer,
    elements: [list.element, activityView(chat, activity, isThread), composer.element],
  };
}

/** On a touch screen the focus would bring up the keyboard over what the person came to read. @param {Composer} composer */
export function focusUnlessTouch(composer) {
  if (matchMedia("(hover: hover)").matches) composer.textarea.focus();
}
