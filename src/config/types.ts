import type { AccountAdmission } from "./admission.ts";
import type { Secret } from "./secret.ts";

/**
 * One thing in the configuration that an operator has to mend. Safe to print: `found` describes a value, and never
 * quotes one that could be a secret.
 */
export interface Fault {
  /** Where, as a dotted path into the document: `channels.clickclack.accounts.peter.agentId`. */
  path: string;
  /** What stands there. */
  found: string;
  /** What to do about it, as one sentence. */
  mend: string;
}

/** How an account's answers are made: through the agent's session, or as one stateless completion. */
export type ReplyMode = "agent" | "model";

/** Which OpenClaw session a direct message belongs to (OpenClaw's `session.dmScope`). */
export type DmScope = "main" | "per-peer" | "per-channel-peer" | "per-account-channel-peer";

/** Which OpenClaw session a channel's messages belong to (OpenClaw's `session.groupScope`). */
export type GroupScope = "main" | "per-group";

/**
 * By which roads an account learns of messages: the realtime connection, ClickClack's callbacks with a sweep for what they
 * do not bring, or both.
 */
export type Inbound = "realtime" | "callbacks" | "both";

/**
 * What ClickClack may sign callbacks of one kind with. Each subscription and each slash command has a secret of its own, so
 * there may be several at once; none means that no callback of the kind is taken.
 */
export interface SigningSecrets {
  current: readonly Secret[];
  /** Those that take over in a rotation. */
  next: readonly Secret[];
}

/** The kinds of callbacks, as they stand in variables' names and in paths. */
export type CallbackKind = "events" | "commands";

/** How an account takes callbacks. */
export interface CallbackPolicy {
  /** Of event subscriptions. */
  events: SigningSecrets;
  /** Of slash commands. */
  commands: SigningSecrets;
  /** What keeps callbacks from being taken, and nothing else. */
  faults: readonly Fault[];
  /** What a person is shown who gives a slash command, before the answer is there. */
  acknowledgement: string;
}

/** A Cloudflare Access service token that goes along on every call to one remote. */
export interface AccessToken {
  clientId: Secret;
  clientSecret: Secret;
}

/** One ClickClack bot: the account's own settings over those of `channels.clickclack`, with defaults filled in. */
export interface Account {
  /** Normalised account id, the name of its Durable Object. */
  id: string;
  name?: string;
  enabled: boolean;
  /** What keeps this account from working; an account with faults is neither linked nor used for sends. */
  faults: readonly Fault[];
  /** What is passed over, and leaves the account working. */
  warnings: readonly Fault[];
  /** Where people open ClickClack; no trailing slash. */
  baseUrl: string;
  /** Where the API is; no trailing slash, may have a path. */
  apiBaseUrl: string;
  /** As configured: id, slug or name. */
  workspace: string;
  /** Absent only on an account that has faults or is switched off. */
  token?: Secret;
  /** Normalised. From the account, else a binding, else the document's agent for what has no owner. */
  agentId?: string;
  replyMode: ReplyMode;
  /** Backend model for this account's turns, `provider/model` or a bare id. */
  model?: string;
  systemPrompt?: string;
  /** Written out as far as the document knows its variables; absent for none. */
  responsePrefix?: string;
  defaultTo: string;
  /** Which messages are answered; `settingsAt` gives what holds in one conversation. */
  admission: AccountAdmission;
  /** First reconnect delay, milliseconds, 100 to 60,000. */
  reconnectMs: number;
  /** Messages of history that go along in model mode. */
  historyLimit: number;
  /** Whether a line says that an answer is being made, in place of the typing sign. */
  nativeProgress: boolean;
  /** Whether the bot's commands are published. */
  commandMenu: boolean;
  /** Largest file that is sent, bytes; never more than ClickClack takes. */
  mediaMaxBytes: number;
  inbound: Inbound;
  callbacks: CallbackPolicy;
}

/** Where the OpenClaw gateway is and how we show ourselves to it. */
export interface Gateway {
  /** http(s) base URL, no trailing slash. */
  url: string;
  token: Secret;
}

/** Whether `plugins` and `channels.clickclack.enabled` let the channel run, with OpenClaw's own reason words. */
export type Activation =
  | { on: true }
  | {
      on: false;
      reason:
        | "plugins disabled"
        | "blocked by denylist"
        | "disabled in config"
        | "channel disabled in config"
        | "not in allowlist";
    };

/** What a person is told whose answer cannot be made because the gateway is out of reach. */
export interface Notice {
  /** How long it has to be out of reach, milliseconds. */
  afterMs: number;
  text: string;
}

/** What only this adapter has, beside `edge.access`. */
export interface EdgePolicy {
  /** A message that is older when it is first looked at is not answered, milliseconds. */
  maxMessageAgeMs: number;
  /** Absent when it is switched off. */
  notice?: Notice;
  /** How often the events of an account without a realtime connection are read, milliseconds. */
  sweepMs: number;
  /** How far the time of a callback may differ from ours, either way, milliseconds. */
  callbackWindowMs: number;
  /** Whose session a thread of a channel has: its channel's, or one of its own. */
  threadSessions: "channel" | "thread";
  /**
   * In agent mode: how many messages that the bot was not asked about, since it last spoke in a channel or thread, go along
   * as context. 0 for none.
   */
  groupContext: number;
  /** `host` or `host:port`, lower case, whose files may be fetched though the address is not public. */
  mediaHosts: readonly string[];
}

/** A document that could be read. Accounts may still have faults of their own. */
export interface Config {
  activation: Activation;
  /** Every listed account by id, disabled and faulty ones included. */
  accounts: ReadonlyMap<string, Account>;
  defaultAccountId: string;
  /** Absent when `gateway.remote` is incomplete; its faults are then in `faults`. */
  gateway?: Gateway;
  dmScope: DmScope;
  groupScope: GroupScope;
  access: { clickclack?: AccessToken; gateway?: AccessToken };
  edge: EdgePolicy;
  /** What is passed over and keeps nothing from working. */
  warnings: readonly Fault[];
  /** All faults that leave the rest of the document usable: the gateway's and every account's. */
  faults: readonly Fault[];
}

export type Loaded = { ok: true; config: Config } | { ok: false; faults: readonly Fault[] };
