import { ClickClackClient } from "../../src/clickclack/client.ts";
import { ClickClackError } from "../../src/clickclack/errors.ts";
import type { Workspace } from "../../src/clickclack/wire.ts";
import type { Secret } from "../../src/config/secret.ts";
import type { ReplyMode } from "../../src/config/types.ts";
import { readBaseUrl } from "../../src/config/url.ts";
import { type Agents, agentsAt } from "./agents.ts";
import { type Asker, complaint } from "./asker.ts";
import { readSetupCode } from "./code.ts";
import {
  type Flags,
  readAccountId,
  readBotToken,
  readGatewayUrl,
  readServer,
  readToken,
  type SecretPlace,
} from "./flags.ts";
import type { Site } from "./site.ts";

/** What is looked up while questions are asked, so that fewer have to be. */
export interface Lookups {
  /** Those that a token opens; none when ClickClack does not answer so. */
  workspaces(baseUrl: string, token: Secret): Promise<readonly Workspace[]>;
  agents(url: string, token: Secret): Promise<Agents>;
}

export const REAL_LOOKUPS: Lookups = {
  async workspaces(url, token) {
    try {
      return await new ClickClackClient({ url, token }).workspaces();
    } catch (error) {
      if (error instanceof ClickClackError) return [];
      throw error;
    }
  },
  agents: (url, token) => {
    const read = readBaseUrl(url, { socket: true });
    return agentsAt({ url: "url" in read ? read.url : url, token });
  },
};

/**
 * Asks for what the command line left open.
 *
 * @param given what it did say; that is not asked
 * @param site what is there already
 */
export async function interview(asker: Asker, given: Flags, site: Site, lookups: Lookups): Promise<Flags> {
  const accountId = given.accountId ?? (await askAccount(asker, site));
  const flags = await askSource(asker, { ...given, accountId }, site, lookups);
  const gateway = await askGateway(asker, flags, site);
  const agentId = await askAgent(asker, { ...flags, ...gateway }, site, lookups);
  const isNew = !site.isKnown(accountId);
  return {
    ...flags,
    ...gateway,
    agentId,
    replyMode:
      flags.replyMode ??
      (isNew
        ? await asker.choose<ReplyMode>("How are answers made?", [
            { value: "agent", label: "by the agent, with a session for each conversation" },
            { value: "model", label: "each by itself, with the recent history" },
          ])
        : undefined),
    requireMention:
      flags.requireMention ??
      (isNew ? await asker.confirm("Answer in channels only when mentioned?", false) : undefined),
    secrets: flags.secrets ?? (await askPlace(asker)),
  };
}

async function askAccount(asker: Asker, site: Site): Promise<string> {
  const known = site.accountIds.filter((id) => site.isKnown(id));
  if (known.length === 0 && site.usualAccountId !== undefined) return site.usualAccountId;
  const choices = site.accountIds.map((value) => ({ value, label: `account ${value}` }));
  const another = { value: "+", label: "one more bot" };
  const chosen = await asker.choose("Which bot is it about?", [...choices, another]);
  if (chosen !== "+") return chosen;
  return readAccountId(
    await asker.text({
      message: "A short name for it, which becomes its account id",
      complain: (text) => complaint(() => readAccountId(text)),
    }),
  );
}

async function askSource(
  asker: Asker,
  flags: Flags & { accountId: string },
  site: Site,
  lookups: Lookups,
): Promise<Flags & { accountId: string }> {
  if (flags.code !== undefined) return flags;
  const there = site.tokenOf(flags.accountId);
  const source = flags.token === undefined ? await askKind(asker, there !== undefined) : "token";
  if (source === "code") {
    const written = await asker.secret({
      message: "The setup code, as ClickClack shows it",
      complain: (text) => (isBare(text) ? undefined : complaint(() => readSetupCode(text, undefined))),
    });
    const baseUrl = isBare(written) ? await askServer(asker, flags, site) : undefined;
    return { ...flags, baseUrl: undefined, code: readSetupCode(written, baseUrl) };
  }
  if (source === "keep" && site.isKnown(flags.accountId)) return flags;
  const baseUrl = flags.baseUrl ?? (await askServer(asker, flags, site));
  const given = flags.token ?? (source === "keep" ? there : undefined) ?? (await askToken(asker));
  const workspace = flags.workspace ?? (await askWorkspace(asker, await lookups.workspaces(baseUrl, given)));
  return { ...flags, baseUrl, token: given, workspace };
}

function askKind(asker: Asker, hasToken: boolean): Promise<"keep" | "code" | "token"> {
  return asker.choose("How does the bot get in?", [
    ...(hasToken ? [{ value: "keep", label: "with the token that is there" } as const] : []),
    {
      value: "code",
      label: "with a setup code",
      hint: "https://server/#XXXX-XXXX-XXXX, from the bot's page",
    },
    { value: "token", label: hasToken ? "with another token" : "with its token", hint: "ccb_…" },
  ]);
}

async function askToken(asker: Asker): Promise<Secret> {
  return readBotToken(
    "--token",
    await asker.secret({
      message: "The bot's token",
      complain: (text) => complaint(() => readBotToken("--token", text)),
    }),
  );
}

/** A code without its address. */
function isBare(text: string): boolean {
  return !text.includes("://") && complaint(() => readSetupCode(text, "https://example.com")) === undefined;
}

async function askServer(asker: Asker, { accountId }: Flags, site: Site): Promise<string> {
  const initial = site.accountOf(accountId ?? "default")?.baseUrl;
  return readServer(
    await asker.text({
      message: "Where do people open ClickClack?",
      ...(initial && { initial }),
      complain: (text) => complaint(() => readServer(text)),
    }),
  );
}

async function askWorkspace(asker: Asker, found: readonly Workspace[]): Promise<string> {
  const [only] = found;
  // A bot's token opens one.
  if (only !== undefined && found.length === 1) return only.slug || only.id;
  return asker.text({
    message: "The workspace, by id, slug or name",
    complain: (text) => (text.trim() === "" ? "give one" : undefined),
  });
}

async function askGateway(
  asker: Asker,
  flags: Flags,
  site: Site,
): Promise<Pick<Flags, "gatewayUrl" | "gatewayToken">> {
  const gatewayUrl =
    flags.gatewayUrl ??
    (site.gatewayUrl === undefined
      ? readGatewayUrl(
          await asker.text({
            message: "Where is the OpenClaw gateway?",
            complain: (text) => complaint(() => readGatewayUrl(text)),
          }),
        )
      : undefined);
  const gatewayToken =
    flags.gatewayToken ??
    (site.gatewayToken === undefined
      ? readToken(
          "--gateway-token",
          await asker.secret({
            message: "The gateway's token, gateway.auth.token there",
            complain: (text) => complaint(() => readToken("--gateway-token", text)),
          }),
        )
      : undefined);
  return { gatewayUrl, gatewayToken };
}

/** Only where the gateway has several: the one that there is needs no name. */
async function askAgent(
  asker: Asker,
  flags: Flags & { accountId: string },
  site: Site,
  lookups: Lookups,
): Promise<string | undefined> {
  const url = flags.gatewayUrl ?? site.gatewayUrl;
  const token = flags.gatewayToken ?? site.gatewayToken;
  const now = flags.agentId ?? site.accountOf(flags.accountId)?.agentId;
  if (now !== undefined || url === undefined || token === undefined) return flags.agentId;
  const found = await lookups.agents(url, token);
  if (!found.ok || found.agents.length < 2) return undefined;
  return asker.choose(
    "Which agent answers?",
    found.agents.map((value) => ({ value, label: value })),
  );
}

function askPlace(asker: Asker): Promise<SecretPlace> {
  return asker.choose("Where do the secrets go?", [
    { value: "dev-vars", label: ".dev.vars, for npm run dev on this machine" },
    { value: "wrangler", label: "to the Worker at Cloudflare" },
    { value: "both", label: "both" },
  ]);
}
