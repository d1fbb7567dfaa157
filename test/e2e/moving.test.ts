import { expect, it } from "vitest";
import { until } from "../support/wait.ts";
import { type Dev, type Ready, startScene } from "./scene.ts";

// docs/deploying.md, "Moving from OpenClaw's plugin": while the channel is off here, the plugin answers for the bot.

const isReady = ({ ready }: Ready) => ready;
const isOff = ({ reason }: Ready) => reason === "channel disabled in config";
const OFF = { channel: { enabled: false } };

async function storyOf({ url }: Dev, message: string): Promise<{ state?: string; reason?: string }> {
  const answer = await fetch(`${url}/v1/accounts/default/messages/${message}`, {
    headers: { authorization: "Bearer test-api-token" },
  });
  return (await answer.json()) as { state?: string; reason?: string };
}

it("a bot that moves here, back and here again is answered for by one at a time", async () => {
  const { say, answersTo, answered, start } = await startScene("moving");
  const off = await start(isOff, OFF);
  const before = await say("answered by the plugin");
  await off.kill();
  const on = await start(isReady);
  const here = await say("answered here");
  await answered(here);
  await on.kill();

  const offAgain = await start(isOff, OFF);
  const meanwhile = await say("answered by the plugin again");
  await offAgain.kill();
  // It goes on from where it was, and leaves alone what is older than is allowed.
  const careful = await start(isReady, { edge: { maxMessageAge: "1ms" } });
  await until(async () => (await storyOf(careful, meanwhile)).reason === "stale");
  await careful.kill();
  await start(isReady);
  const again = await say("answered here again");
  await answered(again);

  for (const question of [before, meanwhile]) expect(await answersTo(question)).toEqual([]);
  for (const question of [here, again]) expect(await answersTo(question)).toHaveLength(1);
});
