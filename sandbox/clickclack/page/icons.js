const SVG = "http://www.w3.org/2000/svg";

/** Line drawings on a 20 by 20 grid. */
const PATHS = {
  hash: "M8 3 6 17M14 3l-2 14M3.5 7.5h14M2.5 12.5h14",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  close: "M5 5l10 10M15 5 5 15",
  plus: "M10 4v12M4 10h12",
  send: "M3 10 17 3.5 12.5 17l-3-5.5zM9.5 11.5 17 3.5",
  thread: "M3.5 4.5h13v9H9l-4 3v-3H3.5zM7 8h6M7 10.5h3.5",
  quote: "M8 6H4v5h4V6c0 5-1 7-3.5 8M16 6h-4v5h4V6c0 5-1 7-3.5 8",
  edit: "M4 16l.8-3.6L13.5 3.7l2.8 2.8-8.7 8.7zM11.5 5.7l2.8 2.8",
  trash: "M4 5.5h12M8 5.5V3.5h4v2M5.5 5.5l.8 11h7.4l.8-11M8.5 9v4.5M11.5 9v4.5",
  down: "M10 4v12M5 11l5 5 5-5",
};

/**
 * Makes an icon. It is decoration: what it stands on carries the label.
 *
 * @param {keyof typeof PATHS} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
