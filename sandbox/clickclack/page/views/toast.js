import { byId, h } from "../dom.js";
import { icon } from "../icons.js";

const SHOWN_MS = 8_000;

/** Tells the person that something went wrong, in the server's own words. @param {unknown} error */
export function showError(error) {
  const text = error instanceof Error ? error.message : String(error);
  const close = h("button", { class: "icon-button", "aria-label": "Dismiss" }, icon("close"));
  const toast = h("div", { class: "toast" }, h("p", {}, text), close);
  const dismiss = () => toast.remove();
  close.addEventListener("click", dismiss);
  setTimeout(dismiss, SHOWN_MS);
  byId("toasts").append(toast);
}
