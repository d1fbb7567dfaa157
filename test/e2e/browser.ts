import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const USUAL_PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** A Chromium of this machine; `CHROMIUM_PATH` goes first. */
export const CHROMIUM = [process.env.CHROMIUM_PATH, ...USUAL_PATHS].find(
  (path) => path !== undefined && path !== "" && existsSync(path),
);

/** Without a Chromium, tests in it are left out; not in CI, where nobody would notice. */
export const MAY_SKIP = CHROMIUM === undefined && !process.env.CI;

/** @throws when there is no Chromium, with what to do */
export function launchChromium(): Promise<Browser> {
  if (CHROMIUM === undefined)
    throw new Error(
      `there is no Chromium: install one (apt-get install -y chromium) or name it in CHROMIUM_PATH; looked for ${USUAL_PATHS.join(", ")}`,
    );
  return chromium.launch({ executablePath: CHROMIUM });
}

/** A page whose console is watched: what the browser refuses or a script throws is a failure. */
export async function watchedPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage(options);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  return { page, complaints };
}

/** What keeps people from using a page, one line for each; none for a page that is fine. */
export async function obstaclesOn(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(await readFile(new URL("obstacles.js", import.meta.url), "utf8"));
}
