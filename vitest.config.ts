import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { TEST_ACCOUNTS, testConfig, tokenName } from "./test/support/accounts.ts";

// Two runtimes, two projects: what is shipped is tested in workerd, what stands around it in Node.
export default defineConfig({
  test: {
    silent: "passed-only",
    projects: [
      {
        plugins: [
          cloudflareTest(({ inject }) => ({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              bindings: {
                OPENCLAW_CONFIG: testConfig(inject("clickclackUrl")),
                TEST_GATEWAY_URL: inject("gatewayUrl"),
                TEST_GATEWAY_TOKEN: inject("gatewayToken"),
                EDGE_API_TOKEN: "test-api-token",
                ...tokens(inject("rooms")),
              },
            },
          })),
        ],
        test: {
          name: "workers",
          include: ["test/unit/**/*.test.ts", "test/worker/**/*.test.ts"],
          globalSetup: ["test/support/stand-ins.ts"],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "node",
          environment: "node",
          include: ["test/sandbox/**/*.test.ts", "test/contract/**/*.test.ts", "test/e2e/**/*.test.ts"],
          testTimeout: 30_000,
        },
      },
    ],
  },
});

function tokens(rooms: Record<string, { bots: Record<string, { token: string }> }>): Record<string, string> {
  const held = Object.entries(TEST_ACCOUNTS).filter(([, { hasToken }]) => hasToken !== false);
  return Object.fromEntries(held.map(([id]) => [tokenName(id), rooms[id]?.bots.bot?.token ?? ""]));
}
