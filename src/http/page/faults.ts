import type { Fault } from "../../config/types.ts";
import { each, type Html, html } from "./html.ts";

/** What is wrong with the configuration, or passed over of it, each with where and what to do. */
export function faultList(faults: readonly Fault[]): Html {
  return html`<ul class="faults">${each(faults, ({ path, found, mend }) => html`<li><code>${path}</code>: ${found}; <b>${mend}</b></li>`)}</ul>`;
}
