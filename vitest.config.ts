import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import type { RoomData } from "./sandbox/room.ts";
import { seatOf, signingVariables, TEST_ACCOUNTS, testConfig, tokenName } from "./test/support/accounts.ts";

// What is shipped is tested in workerd, what stands around it in Node, and the whole as processes.
export default defineConfig({
  test: {
    silent: "passed-only",
    // Most of the tests wait for something; with one worker on two cores, so would everything else.
    maxWorkers: 2,
    projects: [
      {
        plugins: [
          cloudflareTest(({ inject }) => ({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              bindings: {
                OPENCLAW_CONFIG: testConfig(inject("clickclackUrl"), inject("rooms"), inject("filesUrl")),
                TEST_GATEWAY_URL: inject("gatewayUrl"),
                TEST_GATEWAY_TOKEN: inject("gatewayToken"),
                EDGE_API_TOKEN: "test-api-token",
                EDGE_ADMIN_TOKEN: "test-admin-token",
                ...tokens(inject("rooms")),
                ...signingVariables(),
              },
            },
          })),
        ],
        test: {
          name: "workers",
          include: ["test/unit/**/*.test.ts", "test/worker/**/*.test.ts"],
          globalSetup: ["test/support/stand-ins.ts"],
          testTimeout: 30_000,
          // As long as test/support/wait.ts waits for a condition, and some.
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: "node",
          environment: "node",
          include: [
            "test/cli/**/*.test.ts",
            "test/sandbox/**/*.test.ts",
            "test/contract/**/*.test.ts",
            "test/openapi/**/*.test.ts",
          ],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "e2e",
          environment: "node",
          include: ["test/e2e/**/*.test.ts"],
          // Each test runs wrangler and workerd, and two at a time would fight over two cores.
          fileParallelism: false,
          testTimeout: 120_000,
        },
      },
    ],
  },
});

function tokens(rooms: Record<string, RoomData>): Record<string, string> {
  const held = Object.entries(TEST_ACCOUNTS).filter(([, { hasToken }]) => hasToken !== false);
  return Object.fromEntries(
    held.map(([id]) => {
      const { room, bot } = seatOf(id);
      return [tokenName(id), rooms[room]?.bots[bot]?.token ?? ""];
    }),
  );
}
