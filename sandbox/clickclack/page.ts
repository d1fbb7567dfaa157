import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { type Answer, text } from "./pipeline/answer.ts";

const PAGE_DIRECTORY = join(import.meta.dirname, "page");

const MISSING_ASSET = /\.(?:css|gif|ico|jpe?g|js|json|map|mjs|png|svg|webp|woff2?)$/i;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
};

/**
 * Answers what is not the API: the files of the chat page, and the page itself for every other path.
 *
 * ClickClack does the same, so that a wrong base URL gives 200 with HTML and not 404; only what looks like a missing
 * asset is a 404.
 */
export async function servePage(path: string): Promise<Answer> {
  const file = path === "/" ? undefined : await readAsset(path);
  if (file !== undefined) return { status: 200, headers: headersFor(path), body: file };
  if (MISSING_ASSET.test(path)) return text(404, "404 page not found\n");
  const index = await readFile(join(PAGE_DIRECTORY, "index.html"));
  return { status: 200, headers: { ...headersFor("index.html"), "Cache-Control": "no-store" }, body: index };
}

/** Returns a file of the page; `normalize` on an absolute path keeps `..` from leading out of the directory. */
async function readAsset(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(join(PAGE_DIRECTORY, normalize(decodeURIComponent(path))));
  } catch {
    return undefined;
  }
}

function headersFor(path: string): Record<string, string> {
  return { "Content-Type": CONTENT_TYPES[extname(path).toLowerCase()] ?? "text/plain; charset=utf-8" };
}
