import { fileURLToPath } from "node:url";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_readConfig } from "wrangler";
import type { Bundle } from "./bundle.ts";

const CONFIG = fileURLToPath(new URL("../wrangler.toml", import.meta.url));

/**
 * The least that a Worker can do with a request that has a body: read it; and the least that it can do to remember it, a
 * row in a Durable Object, on `/row`.
 */
const BARE = `import { DurableObject } from "cloudflare:workers";
export class Row extends DurableObject {
  constructor(state, env) {
    super(state, env);
    state.storage.sql.exec("CREATE TABLE IF NOT EXISTS rows (at INTEGER)");
  }
  put() {
    this.ctx.storage.sql.exec("INSERT INTO rows (at) VALUES (?)", Date.now());
  }
}
export default {
  async fetch(request, env) {
    await request.arrayBuffer();
    if (new URL(request.url).pathname === "/row") await env.ROW.getByName("row").put();
    return new Response(null, { status: 202 });
  },
};`;

/** One workerd with two Workers in it. */
export interface Runtime {
  /** Addresses without a trailing slash, of sockets that lead to the Workers and to nothing else before them. */
  edge: string;
  bare: string;
  /** Does what the cron trigger does. */
  runCron(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the bundled Worker and a bare one beside it.
 *
 * @param variables of the bundled Worker
 * @param folder where its Durable Objects store, on disk
 */
export async function startRuntime(
  bundle: Bundle,
  variables: Record<string, string>,
  folder: string,
): Promise<Runtime> {
  const { compatibility_date, compatibility_flags, durable_objects } = unstable_readConfig({
    config: CONFIG,
  });
  const shared = {
    ...(compatibility_date !== undefined && { compatibilityDate: compatibility_date }),
    compatibilityFlags: compatibility_flags,
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
  };
  const objects = durable_objects.bindings.map((binding: { name: string; class_name: string }) => [
    binding.name,
    { className: binding.class_name, useSQLite: true },
  ]);
  const options = convertV4MiniflareOptions({
    defaultPersistRoot: folder,
    // The Worker logs as it does in production; nobody reads it here.
    handleStructuredLogs: () => {},
    workers: [
      {
        ...shared,
        name: "edge",
        modules: bundle,
        modulesRoot: bundle[0]?.path.replace(/[^/\\]+$/, "") ?? "",
        bindings: variables,
        durableObjects: Object.fromEntries(objects),
      },
      {
        ...shared,
        name: "bare",
        modules: true,
        script: BARE,
        durableObjects: { ROW: { className: "Row", useSQLite: true } },
      },
    ],
  });
  const miniflare = new Miniflare(options);
  await miniflare.ready;
  const addressOf = async (name: string) => (await miniflare.unsafeGetDirectURL(name)).origin;
  return {
    edge: await addressOf("edge"),
    bare: await addressOf("bare"),
    async runCron() {
      await (await miniflare.getWorker("edge")).scheduled();
    },
    stop: () => miniflare.dispose(),
  };
}
