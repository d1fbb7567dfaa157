import * as z from "zod";
import { edgeSchema } from "./edge-schema.ts";
import { agentsSchema, bindingsSchema, channelDefaultsSchema, messagesSchema } from "./gateway-schema.ts";
import { choice, flag, OBJECT, secret, text, texts, unread, wholeNumber } from "./schema-parts.ts";

/*
 * The parts of an OpenClaw document that are read here. Every schema's error text is the way to mend it.
 *
 * Everything is optional: what must be set depends on the account and its parents, which `accounts.ts` knows.
 */

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

/** Sections of OpenClaw 2026.9 that are not read here and pass as they are. */
const UNREAD_SECTIONS = [
  ...["$schema", "accessGroups", "acp", "approvals", "attachments", "auth", "broadcast"],
  ...["browser", "cloudWorkers", "commands", "cron", "desktop", "diagnostics", "discovery", "env", "hooks"],
  ...["logging", "mcp", "memory", "meta", "models", "nodeHost", "proxy", "security", "skills"],
  ...["surfaces", "talk", "telemetry", "tools", "transcripts", "tts", "ui", "update", "wizard"],
  ...["worktreeAcceleration", "worktreeRoot"],
];

/** A whole OpenClaw document with this project's own section `edge`. */
export const documentSchema = z.strictObject(
  {
    channels: z
      .looseObject({ clickclack: channelSchema.optional(), defaults: channelDefaultsSchema }, OBJECT)
      .optional(),
    plugins: plugins.optional(),
    gateway: z
      .looseObject({ remote: z.looseObject({ url: text, token: secret }, OBJECT).optional() }, OBJECT)
      .optional(),
    session: z
      .looseObject(
        {
          dmScope: choice("main", "per-peer", "per-channel-peer", "per-account-channel-peer"),
          groupScope: choice("main", "per-group"),
        },
        OBJECT,
      )
      .optional(),
    secrets: secretSettings.optional(),
    agents: agentsSchema,
    bindings: bindingsSchema,
    messages: messagesSchema,
    edge: edgeSchema.optional(),
    ...(Object.fromEntries(UNREAD_SECTIONS.map((key) => [key, unread])) as Record<never, never>),
  },
  OBJECT,
);
export type Document = z.infer<typeof documentSchema>;
