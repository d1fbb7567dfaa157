import { resolvePrefix } from "../domain/prefix.ts";
import { readAdmission } from "./account-admission.ts";
import type { ListedAccount } from "./account-ids.ts";
import { agentOf, listAgents, normalizeAgentId, ownerAmong } from "./agents.ts";
import { type Bound, readBindings } from "./bindings.ts";
import { readCallbacks } from "./callbacks.ts";
import { readConnection } from "./connection.ts";
import type { AccountSettings, ChannelSettings, Document, TrustBits } from "./document.ts";
import type { EdgeSettings } from "./edge-schema.ts";
import { formatPath } from "./faults.ts";
import { type AccountLayers, layersOf } from "./layers.ts";
import type { Vault } from "./secrets.ts";
import { trustFaults } from "./trust.ts";
import type { Account, Fault } from "./types.ts";
import { unsetFaults } from "./variables.ts";
import { toolFaults, unusedSettings } from "./warnings.ts";

/** OpenClaw's default and bounds for the first reconnect delay. */
const RECONNECT_MS = { default: 1_500, min: 100, max: 60_000 };
/** OpenClaw knows the key and has no use for it, so this default is ours. */
const HISTORY_LIMIT_DEFAULT = 20;
const MIB = 1024 * 1024;
/** What ClickClack takes as one upload. */
const MEDIA_MAX_MIB = 64;

const OPTIONAL_TEXTS = ["name", "model", "systemPrompt"] as const;
type OptionalText = (typeof OPTIONAL_TEXTS)[number];

/** What an account is read against. */
export interface Surroundings {
  /** `channels.clickclack` */
  channel: ChannelSettings;
  /** `edge.accounts` */
  edge: EdgeSettings["accounts"];
  vault: Vault;
  /** `plugins.entries.clickclack.llm` */
  trust: TrustBits | undefined;
  /** False while the channel is switched off: nothing is missing then. */
  active: boolean;
  /** What stands in the way of every account. */
  shared: readonly Fault[];
  gateway: GatewaySections;
}

/** The gateway's own sections that bear on accounts, and `channels.defaults`. */
export interface GatewaySections extends Pick<Document, "agents" | "bindings" | "messages"> {
  defaults: NonNullable<Document["channels"]>["defaults"];
}

/**
 * Reads one account: its own settings over the channel's, defaults filled in, and what keeps it from working. A disabled
 * account has no faults.
 *
 * @param listed which account
 * @param surroundings what it is read against
 */
export function readAccount(listed: ListedAccount, surroundings: Surroundings): Account {
  const { channel, edge, vault, trust, active, shared, gateway } = surroundings;
  const layers = layersOf(listed, channel);
  const { id, values } = layers;
  const unset = layers.places.flatMap((place) => unsetFaults(place, vault.unset));
  const faults: Fault[] = [...rivalFaults(listed), ...shared, ...unset];
  const connection = readConnection(layers, vault, faults);
  const { owner, agent, warnings: ofAgent } = readAgent(layers, gateway);
  const warnings: Fault[] = [...unusedSettings(layers), ...ofAgent];
  const { inbound, callbacks } = readCallbacks(id, edge, vault);
  const texts = optionalTexts(values);
  const replyMode = values.replyMode ?? "agent";
  const account = {
    id,
    ...texts,
    ...(owner && { agentId: owner.value }),
    enabled: channel.enabled !== false && values.enabled !== false,
    ...connection,
    replyMode,
    defaultTo: values.defaultTo?.trim() || "channel:general",
    admission: readAdmission(layers, { ...gateway, agent }, warnings),
    reconnectMs: clamp(values.reconnectMs ?? RECONNECT_MS.default),
    historyLimit: channel.historyLimit ?? HISTORY_LIMIT_DEFAULT,
    nativeProgress: values.nativeProgress ?? false,
    commandMenu: values.commandMenu ?? true,
    mediaMaxBytes: mediaMaxBytes(values.mediaMaxMb ?? gateway.agents?.defaults?.mediaMaxMb),
    inbound,
  } satisfies Omit<Account, "faults" | "warnings" | "callbacks" | "responsePrefix">;

  const prefix = resolvePrefix(values.responsePrefix ?? gateway.messages?.responsePrefix ?? "", {
    identityName: agent?.identity?.name,
    // In agent mode the session decides, and the gateway does not tell.
    model: replyMode === "model" ? texts.model : undefined,
  });
  faults.push(
    ...trustFaults(account, { agentId: owner?.path, model: layers.pathOf("model") }, trust),
    ...toolFaults(layers),
  );
  const isLookedAt = active && account.enabled;
  return {
    ...account,
    ...(prefix !== undefined && { responsePrefix: prefix }),
    callbacks: { ...callbacks, faults: isLookedAt ? callbacks.faults : [] },
    faults: isLookedAt ? firstPerPath(faults) : [],
    warnings: isLookedAt ? warnings : [],
  };
}

/**
 * Whose account it is: its own `agentId`, else a binding's agent, else the one that the document gives what nobody owns. A
 * binding matters only to an account without an agent of its own.
 */
function readAgent({ id, values, pathOf }: AccountLayers, { agents, bindings }: GatewaySections) {
  const listed = listAgents(agents);
  const written = values.agentId?.trim();
  const own = written ? { value: normalizeAgentId(written), path: pathOf("agentId") } : undefined;
  const bound: Bound = own ? { warnings: [] } : readBindings(bindings, id);
  const owner = own ?? bound.agent ?? ownerAmong(listed, agents);
  return { owner, agent: agentOf(listed, owner?.value), warnings: bound.warnings };
}

/** OpenClaw takes the first of them in silence; here neither is taken, since two bots were meant. */
function rivalFaults({ id, key, rivals }: ListedAccount): Fault[] {
  return rivals.map((rival) => ({
    path: formatPath(["channels", "clickclack", "accounts", rival]),
    found: `the same account id, "${id}", as accounts.${key}`,
    mend: "rename one of the two: ids are lower case, and other characters than a-z, 0-9, _ count as dashes",
  }));
}

/** Blank counts as unset. */
function optionalTexts(values: AccountSettings) {
  const entries = OPTIONAL_TEXTS.map((key) => [key, values[key]?.trim()] as const);
  return Object.fromEntries(entries.filter(([, text]) => text)) as Partial<Record<OptionalText, string>>;
}

function mediaMaxBytes(mib = MEDIA_MAX_MIB): number {
  return Math.floor(Math.min(mib, MEDIA_MAX_MIB) * MIB);
}

function clamp(ms: number): number {
  return Math.min(Math.max(ms, RECONNECT_MS.min), RECONNECT_MS.max);
}

/** The first says it; what else is wrong with the same setting follows from it. */
function firstPerPath(faults: readonly Fault[]): Fault[] {
  return faults.filter((fault, index) => faults.findIndex(({ path }) => path === fault.path) === index);
}
