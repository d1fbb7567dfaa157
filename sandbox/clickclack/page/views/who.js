import { Api } from "../api.js";
import { byId, h } from "../dom.js";
import { listPeople, listWorkspaces, remember } from "../identity.js";
import { avatar, botBadge } from "./avatar.js";

/** Asks who the person at this tab is. Resolves with the answer. @returns {Promise<import("../identity.js").Identity>} */
export async function askWho() {
  const root = byId("who");
  root.hidden = false;
  const workspaces = await listWorkspaces();
  const [only] = workspaces;
  const workspace = workspaces.length === 1 && only ? only : await askWhere(root, workspaces);
  const person = await askPerson(root, workspace);
  root.hidden = true;
  const identity = { person, workspace };
  remember(identity);
  return identity;
}

/** @param {Element} root @param {import("../identity.js").Workspace[]} workspaces @returns {Promise<import("../identity.js").Workspace>} */
function askWhere(root, workspaces) {
  return new Promise((resolve) => {
    const choices = workspaces.map((workspace) =>
      choice(() => resolve(workspace), [h("span", { class: "choice-name" }, workspace.name)]),
    );
    const empty = h(
      "p",
      {},
      "There is no workspace yet. Make one with ",
      h("code", {}, "POST /sandbox/workspaces"),
      ".",
    );
    root.replaceChildren(
      h("div", { class: "card" }, h("h1", {}, "Where to?"), choices.length ? list(choices) : empty),
    );
  });
}

/** @param {Element} root @param {import("../identity.js").Workspace} workspace @returns {Promise<import("../identity.js").Person>} */
async function askPerson(root, workspace) {
  const people = await listPeople(workspace.id);
  const bots = await botsSeenBy(people[0], workspace.id);
  return new Promise((resolve) => {
    const choices = people.map((person) => choice(() => resolve(person), nameOf(person)));
    root.replaceChildren(
      h(
        "div",
        { class: "card" },
        h("p", { class: "overline" }, workspace.name),
        h("h1", {}, "Who are you?"),
        h(
          "p",
          { class: "muted" },
          "This ClickClack is a stand-in on your own machine, so nobody needs a password.",
        ),
        people.length ? list(choices) : h("p", {}, "No people live here yet."),
        bots.length > 0 && h("h2", { class: "overline" }, "You will meet"),
        bots.length > 0 &&
          h("ul", { class: "choices" }, ...bots.map((bot) => h("li", { class: "resident" }, ...nameOf(bot)))),
        h(
          "p",
          { class: "muted hint" },
          "Each tab is one person. Open a second tab to be somebody else as well.",
        ),
      ),
    );
  });
}

/** The list of people has no bots, for nobody can be one; a member's own list has them. @param {import("../identity.js").Person | undefined} person @param {string} workspaceId */
async function botsSeenBy(person, workspaceId) {
  if (person === undefined) return [];
  const members = await new Api(person.token).members(workspaceId);
  return members.filter(({ kind }) => kind === "bot");
}

/** @param {{id: string, display_name: string, handle: string, kind?: string}} user */
function nameOf(user) {
  const handle = user.handle && h("span", { class: "muted" }, `@${user.handle}`);
  return [avatar(user), h("span", { class: "choice-name" }, user.display_name), botBadge(user), handle];
}

/** @param {() => void} onChoose @param {(Node | string | false)[]} content */
const choice = (onChoose, content) =>
  h("button", { class: "choice", type: "button", onClick: onChoose }, ...content);

/** @param {Node[]} choices */
const list = (choices) => h("ul", { class: "choices" }, ...choices.map((one) => h("li", {}, one)));
