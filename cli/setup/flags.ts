import { normalizeAccountId } from "../../src/config/account-ids.ts";
import { Secret } from "../../src/config/secret.ts";
import type { ReplyMode } from "../../src/config/types.ts";
import { readBaseUrl } from "../../src/config/url.ts";
import { parseTarget } from "../../src/domain/target.ts";
import { Problem } from "../problem.ts";
import { readSetupCode, type SetupCode } from "./code.ts";

export const PLACES = ["dev-vars", "wrangler", "both", "none"] as const;
/** Where secrets are put. */
export type SecretPlace = (typeof PLACES)[number];

/** The command line as commander reads it. */
export interface RawFlags {
  code?: string;
  baseUrl?: string;
  token?: string;
  workspace?: string;
  account?: string;
  agent?: string;
  replyMode?: string;
  name?: string;
  defaultTo?: string;
  requireMention?: boolean;
  gatewayUrl?: string;
  gatewayToken?: string;
  secrets?: string;
  config?: string;
  dryRun?: boolean;
  check: boolean;
  yes?: boolean;
  json?: boolean;
}

/** The same, read and found to be usable. What was not given is undefined. */
export interface Flags {
  code?: SetupCode | undefined;
  baseUrl?: string | undefined;
  token?: Secret | undefined;
  workspace?: string | undefined;
  accountId?: string | undefined;
  agentId?: string | undefined;
  replyMode?: ReplyMode | undefined;
  name?: string | undefined;
  defaultTo?: string | undefined;
  requireMention?: boolean | undefined;
  gatewayUrl?: string | undefined;
  gatewayToken?: Secret | undefined;
  secrets?: SecretPlace | undefined;
}

/**
 * Reads the command line.
 *
 * @param readInput reads standard input to its end; asked for a flag whose value is `-`
 * @throws {Problem} for the first flag that cannot be used
 */
export async function readFlags(raw: RawFlags, readInput: () => Promise<string>): Promise<Flags> {
  if (raw.code !== undefined)
    for (const [flag, given] of [
      ["--token", raw.token],
      ["--workspace", raw.workspace],
    ])
      if (given !== undefined)
        throw new Problem(`${flag}: the setup code brings it along; leave one of the two out`);
  const inputs = await linesOf([raw.token, raw.gatewayToken], readInput);
  return {
    code: raw.code === undefined ? undefined : readSetupCode(raw.code, raw.baseUrl),
    // A setup code has its server with it.
    baseUrl: raw.baseUrl === undefined || raw.code !== undefined ? undefined : readServer(raw.baseUrl),
    token: inputs[0] === undefined ? undefined : readBotToken("--token", inputs[0]),
    workspace: textOf("--workspace", raw.workspace),
    accountId: raw.account === undefined ? undefined : readAccountId(raw.account),
    agentId: textOf("--agent", raw.agent),
    replyMode: choiceOf("--reply-mode", raw.replyMode, ["agent", "model"]),
    name: textOf("--name", raw.name),
    defaultTo: raw.defaultTo === undefined ? undefined : readTarget(raw.defaultTo),
    requireMention: raw.requireMention,
    gatewayUrl: raw.gatewayUrl === undefined ? undefined : readGatewayUrl(raw.gatewayUrl),
    gatewayToken: inputs[1] === undefined ? undefined : readToken("--gateway-token", inputs[1]),
    secrets: choiceOf("--secrets", raw.secrets, PLACES),
  };
}

/** @throws {Problem} */
export function readAccountId(text: string): string {
  if (text.trim() === "") throw new Problem("--account: give an id, such as scout");
  return normalizeAccountId(text);
}

/** @throws {Problem} */
export function readServer(text: string): string {
  const read = readBaseUrl(text);
  if ("url" in read) return read.url;
  throw new Problem(`--base-url: that is ${read.found}; ${read.mend}`);
}

/** @throws {Problem} which does not quote it */
export function readBotToken(flag: string, text: string): Secret {
  const token = text.trim();
  if (/^ccb_[0-9a-z]+$/i.test(token)) return new Secret(token);
  const found = token.startsWith("sst_") ? "a person's session token" : "no bot token";
  throw new Problem(`${flag}: that is ${found}; give the bot's, which begins with ccb_`);
}

/** @throws {Problem} which does not quote it */
export function readToken(flag: string, text: string): Secret {
  const token = text.trim();
  if (/^[\x21-\x7e]+$/.test(token)) return new Secret(token);
  throw new Problem(`${flag}: a token has one or more characters of ASCII and no space; give it as it is`);
}

/** @throws {Problem} */
export function readGatewayUrl(text: string): string {
  const read = readBaseUrl(text, { socket: true });
  if ("url" in read) return text.trim().replace(/\/$/, "");
  throw new Problem(
    `--gateway-url: that is ${read.found}; give an address such as https://gateway.example.com`,
  );
}

/** @throws {Problem} */
export function readTarget(text: string): string {
  const parsed = parseTarget(text);
  if (parsed.ok) return text.trim();
  throw new Problem(`--default-to: ${parsed.problem}`);
}

/** What several flags say of which some are `-`: those have a line each of the input, in the order here. */
async function linesOf(
  values: readonly (string | undefined)[],
  readInput: () => Promise<string>,
): Promise<(string | undefined)[]> {
  if (!values.includes("-")) return [...values];
  const lines = (await readInput()).split(/\r?\n/).filter((line) => line.trim() !== "");
  return values.map((value) => (value === "-" ? (lines.shift() ?? "") : value));
}

function textOf(flag: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (text.trim() !== "") return text.trim();
  throw new Problem(`${flag}: it is empty; give a text, or leave the flag out`);
}

function choiceOf<const Word extends string>(
  flag: string,
  text: string | undefined,
  words: readonly Word[],
): Word | undefined {
  if (text === undefined) return undefined;
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw new Problem(`${flag}: use ${words.slice(0, -1).join(", ")} or ${words.at(-1)}`);
}
