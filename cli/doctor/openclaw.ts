import * as z from "zod";
import type { Account } from "../../src/config/types.ts";
import { reasonWords } from "../../src/domain/reasons.ts";
import { classifyAnswer, type GatewayFailure, type GatewayReason } from "../../src/openclaw/errors.ts";
import { type Remote, remoteHeaders } from "../../src/remote/headers.ts";
import { isOnlyHere } from "./addresses.ts";
import { type Finding, fail, listed, type Outcome, only, pass, skip, warn, withValue } from "./finding.ts";
import { doorBefore, look, type Seen } from "./probe.ts";
import type { Step } from "./round.ts";
import type { ConfiguredVisit } from "./visit.ts";

const Live = z.object({ ok: z.literal(true), status: z.string() });
const Models = z.object({ data: z.array(z.object({ id: z.string() })) });
const AGENT = "openclaw/";

/** What the gateway's list of agents was answered with. */
type Listing = { kind: "agents"; agents: readonly string[] } | { kind: "refused"; failure: GatewayFailure };

/** Looks at the gateway. @returns which agents it has */
export function checkGateway({ round, config, signal, usable }: ConfiguredVisit): Step<readonly string[]> {
  const address = round.add("gateway-address", undefined, [usable], () => addressOutcome(config.gateway));
  const gateway = round.add("gateway", undefined, [address], async ({ url }) => {
    const remote = { ...given(config.gateway), access: config.access.gateway };
    const finding = await reachFinding(url, remote, signal);
    return finding.state === "fail" ? only(finding) : withValue(remote, finding);
  });
  const listing = round.add("trusted-proxies", undefined, [gateway], async (remote) =>
    proxiesOutcome(await askForAgents(remote, signal)),
  );
  round.add("completions", undefined, [gateway, listing], (remote) => completionsOutcome(remote, signal));
  return round.add("gateway-token", undefined, [listing], tokenOutcome);
}

/** Looks for the agent of an account. */
export function checkAgent(
  { round }: ConfiguredVisit,
  account: Account,
  agents: Step<readonly string[]>,
): void {
  round.add("agent", account.id, [agents], (there) => only(agentFinding(account, there)));
}

function addressOutcome(gateway: ConfiguredVisit["config"]["gateway"]): Outcome<{ url: string }> {
  if (gateway === undefined)
    return only(skip("its address or its token is missing here: see document and secrets"));
  const { url } = gateway;
  if (url.startsWith("https://")) return withValue(gateway, pass(url));
  const mend = "use https:// or wss:// in gateway.remote.url";
  if (isOnlyHere(url))
    return withValue(
      gateway,
      warn(`${url} is of this machine or network: a deployed Worker does not reach it`, mend),
    );
  return withValue(gateway, fail(`${url} is not https: everybody on the way can read the token`, mend));
}

/** Asked without the token, which goes to nothing that is not OpenClaw. */
async function reachFinding(url: string, { access }: Remote, signal: AbortSignal): Promise<Finding> {
  const headers = new Headers({ "user-agent": "clickclack-edge" });
  if (access !== undefined) {
    headers.set("cf-access-client-id", access.clientId.reveal());
    headers.set("cf-access-client-secret", access.clientSecret.reveal());
  }
  const seen = await look(`${url}/healthz`, headers, signal);
  if (typeof seen === "string")
    return fail(
      `no answer from ${url} (${seen})`,
      "start the gateway (openclaw gateway), correct gateway.remote.url, and let its tunnel or proxy lead there",
    );
  const door = doorBefore(seen);
  if (door !== undefined)
    return fail(
      `${door} answers at ${url}`,
      door === "a redirect"
        ? "set gateway.remote.url to the final address"
        : "make a service token in Access, and set edge.access.gateway.clientId and clientSecret",
    );
  if (Live.safeParse(seen.body).success) return pass(`OpenClaw answers, in ${seen.ms} ms`);
  if (seen.status >= 500)
    return fail(`${url} fails with status ${seen.status}`, "start the gateway behind its tunnel or proxy");
  return fail(
    `${url} answers, and is not OpenClaw (${seen.status} ${seen.contentType || "without a type"})`,
    "correct gateway.remote.url: it is where the gateway's /healthz is",
  );
}

/** One request bears the token, because the gateway locks an address out after ten that are wrong. */
async function askForAgents(remote: Remote, signal: AbortSignal): Promise<Listing | string> {
  const seen = await look(`${remote.url}/v1/models`, remoteHeaders(remote), signal);
  if (typeof seen === "string") return seen;
  const models = seen.status === 200 ? Models.safeParse(seen.body).data : undefined;
  if (models === undefined) return { kind: "refused", failure: await failureOf(seen) };
  const agents = models.data
    .map(({ id }) => id)
    .filter((id) => id.startsWith(AGENT) && id !== `${AGENT}default`)
    .map((id) => id.slice(AGENT.length));
  return { kind: "agents", agents };
}

function proxiesOutcome(listing: Listing | string): Outcome<Listing> {
  if (typeof listing === "string")
    return only(fail(`no answer to a request with the token (${listing})`, "see the gateway's log"));
  if (listing.kind === "refused" && listing.failure.reason === "proxy_attribution")
    return only(
      fail(
        "the gateway refuses everything that comes through the proxy before it (proxy_attribution_required)",
        'set gateway.trustedProxies at the gateway to the proxy\'s address, ["127.0.0.1", "::1"] for cloudflared or nginx on its host',
      ),
    );
  return withValue(listing, pass("the gateway takes what comes this way"));
}

function tokenOutcome(listing: Listing): Outcome<readonly string[]> {
  if (listing.kind === "agents")
    return withValue(
      listing.agents,
      pass(
        `taken; the gateway has ${listing.agents.length === 1 ? "agent" : "agents"} ${listed(listing.agents)}`,
      ),
    );
  const { reason, detail, status } = listing.failure;
  if (reason === "endpoint_off") return only(skip("the gateway does not show its agents: see completions"));
  if (reason === "draining")
    return only(warn(`the gateway is restarting (${status} ${detail})`, "look again in a moment"));
  return only(fail(`${words(reason)} (${reason}: ${detail})`, mendOf(reason)));
}

/** There is no completion made: a wrong method is refused where the endpoint is on, and nothing is there where it is off. */
async function completionsOutcome(remote: Remote, signal: AbortSignal): Promise<Outcome<never>> {
  const seen = await look(`${remote.url}/v1/chat/completions`, remoteHeaders(remote), signal);
  if (typeof seen === "string") return only(fail(`no answer (${seen})`, "see the gateway's log"));
  if (seen.status === 405 && (seen.headers.get("allow") ?? "POST").includes("POST"))
    return only(pass("the completions endpoint is on"));
  if (seen.status === 404)
    return only(
      fail(
        "the completions endpoint is off (endpoint_off)",
        "set gateway.http.endpoints.chatCompletions.enabled to true at the gateway, and check gateway.remote.url",
      ),
    );
  const { reason, detail } = await failureOf(seen);
  if (reason === "draining") return only(warn("the gateway is restarting", "look again in a moment"));
  return only(fail(`${words(reason)} (${reason}: ${detail})`, mendOf(reason)));
}

function agentFinding({ agentId, enabled }: Account, agents: readonly string[]): Finding {
  if (!enabled) return skip("the account is disabled");
  const named = agentId?.toLowerCase();
  if (named === undefined) {
    const [only, ...others] = agents;
    if (only !== undefined && others.length === 0) return pass(`${only}, the gateway's only one`);
    return fail(
      `no agent is named, and the gateway has ${listed(agents) || "none"} (agent_ambiguous)`,
      "set agentId on the account",
    );
  }
  if (agents.includes(named)) return pass(named);
  return fail(
    `the gateway has no agent "${named}" (request_refused)`,
    `set agentId to one of: ${agents.join(", ") || "none is there: add one to the gateway"}`,
  );
}

function failureOf({ status, headers, text }: Seen): Promise<GatewayFailure> {
  return classifyAnswer(new Response(text, { status: Math.max(status, 200), headers: retryAfter(headers) }));
}

function retryAfter(headers: Headers): Record<string, string> {
  const value = headers.get("retry-after");
  return value === null ? {} : { "retry-after": value };
}

function words(reason: GatewayReason): string {
  return reasonWords(reason)?.[0] ?? reason;
}

function mendOf(reason: GatewayReason): string {
  return reasonWords(reason)?.[1] ?? "see the gateway's log";
}

function given<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("there is no gateway");
  return value;
}
