import type { DeadItem } from "../../src/account/dead.ts";
import type { Story } from "../../src/account/story.ts";
import { until } from "./wait.ts";
import { callWorker, readWorker } from "./world.ts";

/** What an operator reads of one account's messages, and does about those that were given up. */
export function storiesOf(account: string) {
  const story = async (message: string) =>
    (await (await readWorker(`/v1/accounts/${account}/messages/${message}`)).json()) as Story;
  return {
    story,
    untilState: (message: string, state: Story["state"]) =>
      until(async () => (await story(message)).state === state),
    dead: async () =>
      ((await (await readWorker(`/v1/accounts/${account}/dead`)).json()) as { dead: DeadItem[] }).dead,
    act: (message: string, action: "retry" | "discard") =>
      callWorker(`/v1/accounts/${account}/dead/${message}/${action}`, {
        method: "POST",
        headers: { authorization: "Bearer test-admin-token" },
      }),
  };
}
