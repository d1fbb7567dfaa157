import { abortAllDurableObjects } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, expect, it } from "vitest";
import type { Env } from "../../src/env.ts";
import { clickclackOf } from "../support/control.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

// Two bots of one workspace, the second of them Ada's.
const colleague = worldOf("colleague");
const adas = worldOf("adas");
// Ada's as well, with nobody else to see what became of her.
const alone = worldOf("alone");

afterAll(() => abortAllDurableObjects());

type World = typeof adas;

/** Where the link of a new object comes to stand. */
async function refusal(world: World, account: string) {
  await abortAllDurableObjects();
  await (env as unknown as Env).BOT_ACCOUNT.getByName(account).ensure();
  await until(async () => (await world.status()).link.state === "refused");
  return (await world.status()).link;
}

it("says whose bot it is", async () => {
  await colleague.link();
  await adas.link();
  expect((await colleague.status()).identity).not.toHaveProperty("owner");
  expect((await adas.status()).identity).toMatchObject({
    owner: { id: adas.ada.id, handle: "ada", name: "Ada" },
  });
});

it("says of a bot whose owner has left just that, and works again once they are back", async () => {
  await adas.link();
  await colleague.link();
  await adas.room.leave(adas.ada);
  expect(await refusal(adas, "adas")).toMatchObject({
    reason: "owner_left",
    error: expect.stringMatching(/401.*; Ada \(@ada\), whose bot this is, has left the workspace/),
  });
  await colleague.link();
  await adas.room.comeBack(adas.ada);
  await abortAllDurableObjects();
  await adas.link();
});

it("says of a token just that, when bot and owner are there", async () => {
  await adas.link();
  await clickclackOf(adas.bot.id).revoke(adas.bot.token);
  expect(await refusal(adas, "adas")).toMatchObject({
    reason: "token_revoked",
    error: expect.stringContaining("set a new one"),
  });
});

it("says of a bot that was removed just that, for its token is of no use then", async () => {
  await adas.room.leave(adas.bot);
  expect(await refusal(adas, "adas")).toMatchObject({
    reason: "bot_removed",
    error: expect.stringContaining("add it again"),
  });
});

it("says what it may be when there is nobody to ask", async () => {
  await alone.link();
  await alone.room.leave(alone.ada);
  expect(await refusal(alone, "alone")).toMatchObject({
    reason: "unauthorized",
    error: expect.stringMatching(
      /was revoked.*, or Ada \(@ada\), whose bot this is, has left the workspace$/,
    ),
  });
});
