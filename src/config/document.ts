import * as z from "zod";
import { durationMs } from "../domain/duration.ts";

/*
 * The parts of an OpenClaw document that are read here. Every schema's error text is the way to mend it.
 *
 * Everything is optional: what must be set depends on the account and its parents, which `accounts.ts` knows.
 */

/** A key that is OpenClaw's and is not read here. */
const unread = z.unknown().optional();

const flag = z.boolean({ error: "use true or false" }).optional();
const text = z.string({ error: "use a text" }).optional();
const texts = z.array(z.string({ error: "use a text" }), { error: "use a list of texts" }).optional();
const OBJECT = { error: "use an object" };

function choice<const T extends readonly [string, ...string[]]>(...words: T) {
  const quoted = words.map((word) => `"${word}"`);
  return z.enum(words, { error: `use ${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}` }).optional();
}

function wholeNumber(from: number) {
  const error = `use a whole number from ${from} up`;
  return z.number({ error }).int({ error }).min(from, { error }).optional();
}

/** A number alone would leave open what it counts. */
const duration = z
  .custom<string>((value) => typeof value === "string" && durationMs(value) !== undefined, {
    error: 'use a duration with its unit, such as "90s", "15m" or "1h"',
  })
  .optional();

/** Names follow OpenClaw's own rules. Only `env` can be read in a Worker; the other sources are known so as to say so. */
const secretReference = z.union([
  z.strictObject({
    source: z.literal("env"),
    provider: z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/),
    id: z.string().regex(/^[A-Z][A-Z0-9_]{0,127}$/),
  }),
  z.strictObject({ source: z.enum(["file", "exec", "store"]), provider: z.string(), id: z.string() }),
]);

/** A secret written out, named as `${NAME}` or `$NAME`, or referred to. */
export type SecretInput = string | z.infer<typeof secretReference>;

/** One fault for the whole value, which is never looked into to describe it: a piece of it may be the secret. */
const secret = z
  .custom<SecretInput>((value) => typeof value === "string" || secretReference.safeParse(value).success, {
    error: 'use { source: "env", provider: "default", id: "NAME" }, with NAME in capitals, or a text',
  })
  .optional();

const allowBots = z.literal([true, false, "mentions"], { error: 'use true, false or "mentions"' }).optional();

const botLoopProtection = z
  .strictObject(
    {
      enabled: flag,
      maxEventsPerWindow: wholeNumber(1),
      windowSeconds: wholeNumber(1),
      cooldownSeconds: wholeNumber(1),
    },
    OBJECT,
  )
  .optional();

const group = z.strictObject(
  { requireMention: flag, mentionPatterns: texts, allowBots, botLoopProtection },
  OBJECT,
);

/** What one account may set, and `channels.clickclack` for all of them. */
export const accountSchema = z.strictObject(
  {
    name: text,
    enabled: flag,
    configWrites: flag,
    mediaMaxMb: z.number({ error: "use a number above 0" }).positive("use a number above 0").optional(),
    responsePrefix: text,
    baseUrl: text,
    apiBaseUrl: text,
    token: secret,
    tokenFile: text,
    workspace: text,
    botUserId: text,
    agentId: text,
    replyMode: choice("agent", "model"),
    model: text,
    systemPrompt: text,
    toolsAllow: texts,
    defaultTo: text,
    allowFrom: texts,
    allowBots,
    botLoopProtection,
    reconnectMs: z.int({ error: "use a whole number of milliseconds, 100 to 60000" }).optional(),
    agentActivity: flag,
    nativeProgress: flag,
    commandMenu: flag,
    requireMention: flag,
    mentionPatterns: texts,
    groups: z.record(z.string(), group, OBJECT).optional(),
    discussions: z
      .strictObject({ enabled: flag, workspace: text, controlUrlBase: text, section: text }, OBJECT)
      .optional(),
  },
  OBJECT,
);
export type AccountSettings = z.infer<typeof accountSchema>;

const channelSchema = z.strictObject(
  {
    ...accountSchema.shape,
    historyLimit: wholeNumber(0),
    accounts: z.record(z.string(), accountSchema, OBJECT).optional(),
    defaultAccount: text,
  },
  OBJECT,
);
export type ChannelSettings = z.infer<typeof channelSchema>;

const pluginEntry = z.strictObject(
  {
    enabled: flag,
    llm: z
      .strictObject(
        {
          allowAgentIdOverride: flag,
          allowModelOverride: flag,
          allowedModels: texts,
          allowedCompletionModels: texts,
          allowAuthProfileOverride: flag,
        },
        OBJECT,
      )
      .optional(),
    hooks: unread,
    subagent: unread,
    config: unread,
  },
  OBJECT,
);
export type TrustBits = NonNullable<z.infer<typeof pluginEntry>["llm"]>;

const plugins = z.looseObject(
  {
    enabled: flag,
    allow: texts,
    deny: texts,
    entries: z.looseObject({ clickclack: pluginEntry.optional() }, OBJECT).optional(),
  },
  OBJECT,
);
export type PluginSettings = z.infer<typeof plugins>;

const secretSettings = z.looseObject(
  {
    providers: z
      .record(
        z.string(),
        z.looseObject({ source: choice("env", "file", "exec", "store"), allowlist: texts }, OBJECT),
        OBJECT,
      )
      .optional(),
    defaults: z.looseObject({ env: text }, OBJECT).optional(),
  },
  OBJECT,
);
export type SecretSettings = z.infer<typeof secretSettings>;

const accessToken = z.strictObject({ clientId: secret, clientSecret: secret }, OBJECT).optional();
export type AccessSettings = NonNullable<z.infer<typeof accessToken>>;

const edgeAccount = z.strictObject(
  {
    inbound: choice("realtime", "callbacks", "both"),
    eventsSecret: secret,
    commandsSecret: secret,
    acknowledgement: text,
  },
  OBJECT,
);
export type EdgeAccountSettings = z.infer<typeof edgeAccount>;

/** Far less than what was seen is remembered for, or a replay could come when its first time is forgotten. */
const CALLBACK_WINDOW_MAX_MS = 3_600_000;
const GROUP_CONTEXT = { error: "use a whole number of messages, 0 to 200" };
const SWEEP_SECONDS = { error: "use a whole number of seconds, 1 to 3600" };

const edge = z.strictObject(
  {
    accounts: z.record(z.string(), edgeAccount, OBJECT).optional(),
    sweepSeconds: z.int(SWEEP_SECONDS).min(1, SWEEP_SECONDS).max(3600, SWEEP_SECONDS).optional(),
    callbackWindow: duration.refine(
      (text) => text === undefined || (durationMs(text) ?? 0) <= CALLBACK_WINDOW_MAX_MS,
      'use a duration with its unit, up to "1h": a request that is older is a recording',
    ),
    access: z.strictObject({ clickclack: accessToken, gateway: accessToken }, OBJECT).optional(),
    maxMessageAge: duration,
    groupContext: z.int(GROUP_CONTEXT).min(0, GROUP_CONTEXT).max(200, GROUP_CONTEXT).optional(),
    notice: z.strictObject({ enabled: flag, after: duration, text }, OBJECT).optional(),
  },
  OBJECT,
);
export type EdgeSettings = z.infer<typeof edge>;

/** Sections of OpenClaw 2026.9 that are not read here and pass as they are. */
const UNREAD_SECTIONS = [
  ...[
    "$schema",
    "accessGroups",
    "acp",
    "agents",
    "approvals",
    "attachments",
    "auth",
    "bindings",
    "broadcast",
  ],
  ...["browser", "cloudWorkers", "commands", "cron", "desktop", "diagnostics", "discovery", "env", "hooks"],
  ...["logging", "mcp", "memory", "messages", "meta", "models", "nodeHost", "proxy", "security", "skills"],
  ...["surfaces", "talk", "telemetry", "tools", "transcripts", "tts", "ui", "update", "wizard"],
  ...["worktreeAcceleration", "worktreeRoot"],
];

/** A whole OpenClaw document with this project's own section `edge`. */
export const documentSchema = z.strictObject(
  {
    channels: z.looseObject({ clickclack: channelSchema.optional() }, OBJECT).optional(),
    plugins: plugins.optional(),
    gateway: z
      .looseObject({ remote: z.looseObject({ url: text, token: secret }, OBJECT).optional() }, OBJECT)
      .optional(),
    session: z
      .looseObject(
        { dmScope: choice("main", "per-peer", "per-channel-peer", "per-account-channel-peer") },
        OBJECT,
      )
      .optional(),
    secrets: secretSettings.optional(),
    edge: edge.optional(),
    ...(Object.fromEntries(UNREAD_SECTIONS.map((key) => [key, unread])) as Record<never, never>),
  },
  OBJECT,
);
export type Document = z.infer<typeof documentSchema>;
