import type { TestProject } from "vitest/node";
import { startClickClack } from "../../sandbox/clickclack/server.ts";
import { startOpenClaw } from "../../sandbox/openclaw/server.ts";
import { makeRoom, type RoomData } from "../../sandbox/room.ts";
import { TEST_ACCOUNTS } from "./accounts.ts";

/** Starts both stand-ins for a run of the worker tests, with a workspace for each test account. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const clickclack = await startClickClack();
  const gateway = await startOpenClaw({ agents: Object.keys(TEST_ACCOUNTS) });
  const rooms: Record<string, RoomData> = {};
  for (const [id, { scopes, beside, answersOtherBot }] of Object.entries(TEST_ACCOUNTS)) {
    if (beside !== undefined) continue;
    rooms[id] = await makeRoom(clickclack.url, {
      name: `Room of ${id}`,
      slug: id,
      channels: ["general", "side"],
      humans: [
        { name: "Ada", handle: "ada", role: "owner" },
        { name: "Ben", handle: "ben" },
      ],
      bots: [
        { name: "Bot", handle: "bot", ...(scopes !== undefined && { scopes }) },
        {
          name: "Other Bot",
          handle: "otherbot",
          scopes: ["bot:write", "agent_activity:write"],
          ...(answersOtherBot && { owner: "ada" }),
        },
      ],
    });
  }
  project.provide("clickclackUrl", clickclack.url);
  project.provide("gatewayUrl", gateway.url);
  project.provide("gatewayToken", gateway.token);
  project.provide("rooms", rooms);
  return async () => {
    await clickclack.close();
    await gateway.close();
  };
}
