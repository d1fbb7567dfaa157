import { expect } from "vitest";
import { loadConfig } from "../../../src/config/load.ts";
import type { Account, Config, Fault } from "../../../src/config/types.ts";

type Part = Record<string, unknown>;

/** Secrets for a bot and a gateway. */
export const ENV = {
  CLICKCLACK_BOT_TOKEN: "ccb_default",
  OPENCLAW_GATEWAY_URL: "https://gateway.example.com",
  OPENCLAW_GATEWAY_TOKEN: "gateway-token",
};

/** What an account needs beside a token. */
export const PLACE = { baseUrl: "https://chat.example.com", workspace: "default" };

/** Settings that make `channels.clickclack` one working bot. */
export const BOT = { ...PLACE, token: "${CLICKCLACK_BOT_TOKEN}" };

/** The configuration of a document that the schema takes. */
export function given(clickclack: Part, { env = ENV, ...rest }: { env?: Part } & Part = {}): Config {
  const loaded = loadConfig(JSON.stringify({ channels: { clickclack }, ...rest }), env);
  if (!loaded.ok) throw new Error(`refused: ${JSON.stringify(loaded.faults)}`);
  return loaded.config;
}

/** All faults of a document, whether it is usable or not. */
export function faultsOf(document: unknown, env: Part = ENV): readonly Fault[] {
  const loaded = loadConfig(typeof document === "string" ? document : JSON.stringify(document), env);
  return loaded.ok ? loaded.config.faults : loaded.faults;
}

/** All faults of a document, and what is passed over in it when it is usable. */
export function reportsOf(document: unknown, env: Part = ENV): readonly Fault[] {
  const loaded = loadConfig(JSON.stringify(document), env);
  return loaded.ok ? [...loaded.config.faults, ...loaded.config.warnings] : loaded.faults;
}

/** The faults of a document that must not load. */
export function refusalOf(document: unknown, env: Part = ENV): readonly Fault[] {
  const loaded = loadConfig(typeof document === "string" ? document : JSON.stringify(document), env);
  expect(loaded.ok).toBe(false);
  return loaded.ok ? [] : loaded.faults;
}

/** The account of that id, which must be listed. */
export function account(config: Config, id = "default"): Account {
  const found = config.accounts.get(id);
  if (found === undefined) throw new Error(`no account ${id}, only ${[...config.accounts.keys()]}`);
  return found;
}

/** The document at a dotted path: `nest("a.b", 1)` → `{ a: { b: 1 } }` */
export function nest(path: string, value: unknown): unknown {
  return path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
}
