import { expect, test } from "vitest";
import { Agents } from "../../../src/account/agents.ts";

test("nothing is asked that was stopped before it could be, while it waited for its files for example", async () => {
  let asked = 0;
  const complete = async () => {
    asked++;
    return { kind: "answered", text: "too late" };
  };
  const agents = new Agents({ complete } as never);
  const outcome = await agents.complete({ agentId: "main", messages: [] }, () => {}, AbortSignal.abort());
  expect([outcome, asked]).toEqual([{ kind: "stopped" }, 0]);
});
