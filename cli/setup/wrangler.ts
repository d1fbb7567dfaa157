import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import type { Secret } from "../../src/config/secret.ts";
import { redact } from "../../src/observe/redact.ts";
import type { Host } from "../host.ts";
import type { Finding } from "./check.ts";

const WRANGLER = fileURLToPath(import.meta.resolve("wrangler/package.json")).replace(
  /package\.json$/,
  "bin/wrangler.js",
);

/**
 * Gives the deployed Worker its secrets, all in one version, and makes the Worker's place when there is none yet. The values
 * go through a pipe: neither the list of processes nor a file has them.
 */
export async function putSecrets(
  { cwd, env }: Pick<Host, "cwd" | "env">,
  secrets: ReadonlyMap<string, Secret>,
): Promise<Finding> {
  const names = [...secrets.keys()].join(", ");
  const child = spawn(process.execPath, [WRANGLER, "secret", "bulk"], {
    cwd,
    env: { ...env, WRANGLER_SEND_METRICS: "false" },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  // A wrangler that ends before it has read everything says why by itself.
  child.stdin.on("error", () => {});
  child.stdin.end(
    JSON.stringify(Object.fromEntries([...secrets].map(([name, secret]) => [name, secret.reveal()]))),
  );
  const [code] = await once(child, "close");
  if (code === 0) return { what: "secrets", ok: true, text: `the Worker has ${names}` };
  return {
    what: "secrets",
    ok: false,
    text: `wrangler did not put ${names}: ${causeIn(said, secrets)}`,
    mend: "run npx wrangler login, or set CLOUDFLARE_API_TOKEN, and run setup again",
  };
}

/** The line that wrangler ends its complaint with. */
function causeIn(said: string, secrets: ReadonlyMap<string, Secret>): string {
  const lines = stripVTControlCharacters(said)
    .split("\n")
    .map((line) => line.trim());
  const line =
    lines.find((text) => /error/i.test(text)) ?? lines.findLast((text) => text !== "") ?? "it said nothing";
  const hidden = [...secrets.values()].reduce(
    (text, secret) => text.replaceAll(secret.reveal(), "[secret]"),
    line,
  );
  return redact(hidden.replace(/^\W*\[?ERROR\]?\s*/, ""));
}
