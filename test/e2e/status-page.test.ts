import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Stage, setStage } from "../../sandbox/stage.ts";
import { launchChromium, MAY_SKIP, obstaclesOn, watchedPage } from "./browser.ts";

describe.skipIf(MAY_SKIP)("the status page in a browser", () => {
  const ending = new AbortController();
  let stage: Stage;
  let browser: Browser;
  let output = "";
  beforeAll(async () => {
    browser = await launchChromium();
    stage = await setStage((text) => {
      output += text;
    }, ending.signal);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await stage?.stop();
  });

  const control = async (base: string, path: string, body: object) => {
    const response = await fetch(`${base}/sandbox/${path}`, { method: "POST", body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as { id: string };
  };

  async function signedIn(options: Parameters<typeof watchedPage>[1] = {}) {
    const { page, complaints } = await watchedPage(browser, options);
    onTestFinished(() => page.close());
    await page.goto(stage.worker);
    await page.getByLabel("Admin token").fill(stage.adminToken);
    await page.getByRole("button", { name: "Open the status page" }).click();
    await page.getByRole("heading", { name: "Status" }).waitFor();
    return { page, complaints };
  }

  const scout = (page: Page) => page.getByRole("article", { name: "Scout" });
  const ask = (text: string) =>
    stage.room.say(stage.room.person("ada"), stage.room.channelId("general"), `@scout ${text}`);
  /** A question whose answer ClickClack refuses. */
  async function givenUp(text: string): Promise<string> {
    await control(stage.clickclack, "faults", {
      ...{ user_id: stage.room.bot("scout").id, method: "POST", path: "/messages$", times: 1 },
      fault: { kind: "status", status: 403, body: { error: "moderation restriction" } },
    });
    return ask(text);
  }

  it("asks for the token, opens with the right one, and closes again", async () => {
    const { page } = await watchedPage(browser);
    onTestFinished(() => page.close());
    await page.goto(stage.worker);
    expect(await obstaclesOn(page)).toEqual([]);
    const token = page.getByLabel("Admin token");
    expect(await token.evaluate((input) => input.matches(":focus"))).toBe(true);
    await token.fill("a guess");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("That is not the admin token.").waitFor();
    await page.getByLabel("Admin token").fill(stage.adminToken);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Status" }).waitFor();

    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ name: "edge-session", httpOnly: true, sameSite: "Strict" });
    expect(await page.evaluate<string>("document.cookie")).toBe("");

    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(await page.context().cookies()).toEqual([]);
    await page.goto(`${stage.worker}/?why=msg_1`);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  });

  it("shows a question and its answer by itself, and leaves alone what somebody does meanwhile", async () => {
    const { page, complaints } = await signedIn();
    await page.evaluate("document.body.dataset.before = 'yes'");
    const { id } = await control(stage.gateway, "hold", { match: { agent: "scout", text: "hold it" } });
    const question = await ask("hold it");
    await scout(page).getByText("Being answered now").waitFor();
    const happened = scout(page).getByRole("link", { name: `what happened to ${question}` });
    await happened.focus();
    await control(stage.gateway, "release", { id });
    await scout(page).getByText("Answers 1", { exact: true }).waitFor();
    await happened.waitFor({ state: "detached" });

    const table = scout(page).getByRole("group").first();
    await scout(page).getByText("These charts as a table").click();
    await scout(page).getByRole("rowheader").first().waitFor();
    await ask("once more");
    await scout(page).getByText("Answers 2", { exact: true }).waitFor();
    expect(await table.getAttribute("open")).not.toBeNull();
    const summary = scout(page).getByText("These charts as a table");
    expect(await summary.evaluate((element) => element.matches(":focus"))).toBe(true);
    expect(await page.evaluate("document.body.dataset.before")).toBe("yes");
    expect(complaints).toEqual([]);
  });

  it("does not disturb whoever selects something", async () => {
    const { page } = await signedIn();
    const handle = scout(page).getByText("@scout");
    await handle.selectText();
    const answers = Number(
      /Answers (\d+)/.exec((await scout(page).innerText()).replace(/\s+/g, " "))?.[1] ?? 0,
    );
    await ask("while somebody selects");
    // The other account has heard of it, and its part of the page is swapped.
    await page.waitForResponse((response) => response.url().endsWith("/page/live"));
    await page.waitForResponse((response) => response.url().endsWith("/page/live"));
    expect(await page.evaluate("String(getSelection())")).toBe("@scout");
    await page.evaluate("getSelection().removeAllRanges()");
    await scout(page)
      .getByText(`Answers ${answers + 1}`, { exact: true })
      .waitFor();
  });

  it("has a message tried again that was given up, and another let go", async () => {
    const { page, complaints } = await signedIn();
    const question = await givenUp("refused at first");
    const retry = page.getByRole("button", { name: `Try again ${question}` });
    await retry.waitFor();
    await page.getByText("One message was given up.").waitFor();
    expect(await obstaclesOn(page)).toEqual([]);
    await retry.click();
    await page.getByRole("status").getByText("It is being tried again.").waitFor();
    await retry.waitFor({ state: "detached" });

    const second = await givenUp("refused for good");
    await page.getByText(`Discard ${second}`).click();
    await page.getByRole("button", { name: `Discard it ${second}` }).click();
    await page.getByRole("status").getByText("It was let go.").waitFor();
    await page.getByText("Nothing. What cannot be done").waitFor();
    expect(complaints).toEqual([]);
  });

  it("says why a message got no answer", async () => {
    const { page, complaints } = await signedIn();
    const ada = stage.room.person("ada");
    const message = await stage.room.say(ada, stage.room.channelId("library"), "to nobody in particular");
    await page.getByLabel("A message’s link or id").fill(`${stage.clickclack}/app/x/${message}`);
    await page.keyboard.press("Enter");
    const why = page.getByRole("region", { name: "Why no reply?" });
    await why.getByRole("heading", { name: "No answer: it does not mention the bot" }).first().waitFor();
    expect(await why.innerText()).toContain("channels.clickclack.requireMention");
    expect(await why.innerText()).toContain("mention the bot, or set requireMention to false for the place");
    expect(await obstaclesOn(page)).toEqual([]);
    // The answer stays while the rest goes on.
    await page.waitForResponse((response) => response.url().endsWith("/page/live"));
    expect(await why.getByRole("heading").count()).toBeGreaterThan(1);
    expect(complaints).toEqual([]);
  });

  it("sends whoever was signed out elsewhere to sign in again", async () => {
    const { page } = await signedIn();
    await page.context().clearCookies();
    await page.getByText("You are signed out.").waitFor();
    await page.getByRole("link", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  });

  it("works without its script", async () => {
    const { page } = await signedIn({ javaScriptEnabled: false });
    await page.getByRole("link", { name: "Look again" }).click();
    await page.getByRole("heading", { name: "Status" }).waitFor();
  });

  it.each([
    ["light", 1200],
    ["dark", 1200],
    ["light", 360],
    ["dark", 360],
  ] as const)(
    "can be read in %s, %d px wide, and does not jump while it loads",
    async (colorScheme, width) => {
      const { page, complaints } = await signedIn({ colorScheme, viewport: { width, height: 800 } });
      for (const summary of await page.getByText("These charts as a table").all()) await summary.click();
      expect(await obstaclesOn(page)).toEqual([]);
      await page.reload();
      const shift = await page.evaluate<number>(
        `new Promise((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) sum += value;
        }).observe({ type: "layout-shift", buffered: true });
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
      })`,
      );
      expect(shift).toBeLessThan(0.01);
      expect(complaints).toEqual([]);
    },
  );

  it("tells nothing of its secrets in the log", () => {
    expect(output).not.toContain(stage.adminToken);
  });
});
