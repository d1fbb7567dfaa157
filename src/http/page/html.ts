import { html } from "hono/html";

/** A piece of the page. Whatever is put into the template is escaped, unless it is such a piece itself. */
export type Html = ReturnType<typeof html>;
export { html };

/** Joins pieces; most often there is none, or one for each of a list. */
export function each<Item>(items: Iterable<Item>, render: (item: Item, index: number) => Html): Html[] {
  return [...items].map(render);
}
