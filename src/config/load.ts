import { readAccess } from "./access.ts";
import { defaultAccountFaults, defaultAccountId, listAccounts } from "./account-ids.ts";
import { readAccount, type Surroundings } from "./accounts.ts";
import { readActivation } from "./activation.ts";
import { edgeAccountFaults } from "./callbacks.ts";
import { checkDocument } from "./check.ts";
import type { Document } from "./document.ts";
import { readEdge } from "./edge.ts";
import { distinct, isWithin, WHOLE_DOCUMENT } from "./faults.ts";
import { readGateway } from "./gateway.ts";
import { interpolate } from "./interpolate.ts";
import { parseDocument } from "./parse.ts";
import type { Vault } from "./secrets.ts";
import type { Config, Fault, Loaded } from "./types.ts";
import { type Variables, variable } from "./variables.ts";

/**
 * @param env the Worker's environment
 * @param bundled the document that was deployed with the Worker
 * @returns `OPENCLAW_CONFIG` when it is set, else the bundled document
 */
export function configText(env: Variables, bundled: string): string {
  return variable(env, "OPENCLAW_CONFIG") ?? bundled;
}

/**
 * Reads a whole OpenClaw document. All faults come together: those that make the document unusable, and those that keep a
 * single account or the gateway from working.
 *
 * @param text the document, JSON5
 * @param env the Worker's environment; its strings fill in `${NAME}` and secret references
 * @returns the configuration, whose accounts may have faults of their own; or only faults, when the text is no JSON5 or
 *   the schema refuses a part of it
 */
export function loadConfig(text: string, env: Variables): Loaded {
  const parsed = parseDocument(text);
  if (parsed.raw === undefined) return { ok: false, faults: parsed.faults };

  const { value, unset } = interpolate(parsed.raw, env);
  const checked = checkDocument(parsed.raw, value);
  const refused = distinct([...parsed.faults, ...checked.faults]);
  const config = readConfig(checked.document, { variables: env, unset, settings: checked.document.secrets });
  if (refused.length === 0) return { ok: true, config };
  return {
    ok: false,
    faults: [...refused, ...config.faults.filter((fault) => !followsFrom(fault, refused))],
  };
}

function readConfig(document: Document, vault: Vault): Config {
  const channel = document.channels?.clickclack ?? {};
  const activation = readActivation(document.plugins, channel.enabled);
  const access = {
    clickclack: readAccess("clickclack", document.edge?.access?.clickclack, vault),
    gateway: readAccess("gateway", document.edge?.access?.gateway, vault),
  };
  const { gateway, faults } = readGateway(document.gateway?.remote, vault);
  const gatewayFaults = [...faults, ...access.gateway.faults];

  const surroundings: Surroundings = {
    channel,
    edge: document.edge?.accounts,
    vault,
    trust: document.plugins?.entries?.clickclack?.llm,
    active: activation.on,
    shared: access.clickclack.faults,
    gateway: {
      agents: document.agents,
      bindings: document.bindings,
      messages: document.messages,
      defaults: document.channels?.defaults,
    },
  };
  const accounts = listAccounts(channel, vault.variables).map((listed) => readAccount(listed, surroundings));
  const ids = accounts.map(({ id }) => id);
  const general = [
    ...gatewayFaults,
    ...defaultAccountFaults(channel.defaultAccount, ids),
    ...edgeAccountFaults(document.edge?.accounts, ids),
  ];
  const ofAccounts = accounts.flatMap(({ faults, callbacks }) => [...faults, ...callbacks.faults]);

  return {
    activation,
    accounts: new Map(accounts.map((account) => [account.id, account])),
    defaultAccountId: defaultAccountId(channel.defaultAccount, ids),
    ...(gateway !== undefined && gatewayFaults.length === 0 ? { gateway } : {}),
    dmScope: document.session?.dmScope ?? "per-channel-peer",
    groupScope: document.session?.groupScope ?? "per-group",
    access: {
      ...(access.clickclack.token && { clickclack: access.clickclack.token }),
      ...(access.gateway.token && { gateway: access.gateway.token }),
    },
    edge: readEdge(document.edge),
    warnings: distinct(accounts.flatMap(({ warnings }) => warnings)),
    faults: activation.on ? distinct([...general, ...ofAccounts]) : [],
  };
}

/** Whether a fault is only there because a refused part was read as unset. */
function followsFrom(fault: Fault, refused: readonly Fault[]): boolean {
  return refused.some(({ path }) =>
    isWithin(fault.path, path.replace(/\.?\$include$/, "") || WHOLE_DOCUMENT),
  );
}
