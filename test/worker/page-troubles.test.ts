import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, expect, it } from "vitest";
import { objectOf } from "../support/object.ts";
import { textOf, Visitor } from "../support/visitor.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

// What OpenClaw's page on ClickClack lists under troubleshooting, each led to its cause and its mend. A token that is not
// set, a workspace that is not found and a bot that is no member are in page.test.ts and token-refusals.test.ts.

afterAll(() => abortAllDurableObjects());

async function signedIn(account: string): Promise<Visitor> {
  const visitor = new Visitor([account]);
  await visitor.signIn();
  await objectOf(account).stub().ensure();
  return visitor;
}

it("no replies, because the token may not listen", async () => {
  const visitor = await signedIn("pagedeaf");
  await until(async () => textOf(await visitor.live()).includes("pagedeaf: refused."));
  const text = textOf(await visitor.page());
  expect(text).toContain("bot token is missing scope realtime:read");
  expect(text).toContain("To mend it: give the bot a token with bot:write");
});

it("no reply, because the bot says it itself", async () => {
  const world = worldOf("page");
  const visitor = await signedIn("page");
  await world.link();
  const own = await world.room.say(world.bot, world.general, "talking to myself");
  const text = textOf(await visitor.page(`/?why=${own}`));
  expect(text).toContain(`No account was told of ${own}`);
  expect(text).toContain("The bot wrote it itself: no bot hears itself.");
});

it("answers and sends fail, because the token may not write", async () => {
  const world = worldOf("pagemute");
  const visitor = await signedIn("pagemute");
  await world.link();
  const question = await world.room.say(world.ada, world.general, "can you write?");
  await until(async () => textOf(await visitor.live()).includes("has trouble with a message"));
  for (const page of [await visitor.page(), await visitor.page(`/?why=${question}`)]) {
    const text = textOf(page);
    expect(text).toContain("bot token is missing scope messages:write");
    expect(text).toContain("To mend it: give the bot a token with bot:write");
    expect(text).not.toContain("All is well");
  }
});
