import { expect, it } from "vitest";
import { type Ready, startScene } from "./scene.ts";

const isReady = ({ ready }: Ready) => ready;

it("answers what was said while the Worker was killed, once, and nothing from before its first start", async () => {
  const { say, answersTo, answered, start } = await startScene("kill");
  const early = await say("said before the first start");
  const first = await start(isReady);
  const live = await say("said while it runs");
  await answered(live);

  await first.kill();
  const missed = await say("said while it is dead");
  await start(isReady);
  await answered(missed);
  const after = await say("said after the restart");
  await answered(after);

  expect((await answersTo(early)).length).toBe(0);
  for (const question of [live, missed, after]) expect(await answersTo(question)).toHaveLength(1);
});
