import { byId, h } from "../dom.js";
import { avatar, botBadge } from "./avatar.js";

/**
 * Asks whom to write to.
 *
 * @param {readonly import("../api.js").User[]} users
 * @returns {Promise<import("../api.js").User | undefined>} undefined when the person thought better of it
 */
export function pickMember(users) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("pick-member"));
  return new Promise((resolve) => {
    const choices = users.map((user) =>
      h(
        "li",
        {},
        h(
          "button",
          { class: "choice", value: user.id },
          avatar(user),
          h("span", { class: "choice-name" }, user.display_name),
          botBadge(user),
          user.handle && h("span", { class: "muted" }, `@${user.handle}`),
        ),
      ),
    );
    byId("pick-member-list").replaceChildren(...choices);
    // The buttons of a form with method="dialog" close it; the value says which one did.
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(users.find(({ id }) => id === dialog.returnValue)), {
      once: true,
    });
    dialog.showModal();
  });
}
