import * as z from "zod/mini";
import { edgeSchema } from "./edge-schema.ts";
import { agentsSchema, bindingsSchema, channelDefaultsSchema, messagesSchema } from "./gateway-schema.ts";
import { choice, flag, OBJECT, secret, text, texts, unread, wholeNumber } from "./schema-parts.ts";

/*
 * The parts of an OpenClaw document that are read here. Every schema's error text is the way to mend it.
 *
 * Everything is optional: what must be set depends on the account and its parents, which `accounts.ts` knows.
 */

const allowBots = z.optional(
  z.literal([true, false, "mentions"], { error: 'use true, false or "mentions"' }),
);

const botLoopProtection = z.optional(
  z.strictObject(
    {
      enabled: flag,
      maxEventsPerWindow: wholeNumber(1),
      windowSeconds: wholeNumber(1),
      cooldownSeconds: wholeNumber(1),
    },
    OBJECT,
  ),
);

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
    mediaMaxMb: z.optional(
      z.number({ error: "use a number above 0" }).check(z.positive("use a number above 0")),
    ),
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
    reconnectMs: z.optional(z.int({ error: "use a whole number of milliseconds, 100 to 60000" })),
    agentActivity: flag,
    nativeProgress: flag,
    commandMenu: flag,
    requireMention: flag,
    mentionPatterns: texts,
    groups: z.optional(z.record(z.string(), group, OBJECT)),
    discussions: z.optional(
      z.strictObject({ enabled: flag, workspace: text, controlUrlBase: text, section: text }, OBJECT),
    ),
  },
  OBJECT,
);
export type AccountSettings = z.infer<typeof accountSchema>;

const channelSchema = z.strictObject(
  {
    ...accountSchema.shape,
    historyLimit: wholeNumber(0),
    accounts: z.optional(z.record(z.string(), accountSchema, OBJECT)),
    defaultAccount: text,
  },
  OBJECT,
);
export type ChannelSettings = z.infer<typeof channelSchema>;

const pluginEntry = z.strictObject(
  {
    enabled: flag,
    llm: z.optional(
      z.strictObject(
        {
          allowAgentIdOverride: flag,
          allowModelOverride: flag,
          allowedModels: texts,
          allowedCompletionModels: texts,
          allowAuthProfileOverride: flag,
        },
        OBJECT,
      ),
    ),
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
    entries: z.optional(z.looseObject({ clickclack: z.optional(pluginEntry) }, OBJECT)),
  },
  OBJECT,
);
export type PluginSettings = z.infer<typeof plugins>;

const secretSettings = z.looseObject(
  {
    providers: z.optional(
      z.record(
        z.string(),
        z.looseObject({ source: choice("env", "file", "exec", "store"), allowlist: texts }, OBJECT),
        OBJECT,
      ),
    ),
    defaults: z.optional(z.looseObject({ env: text }, OBJECT)),
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
    channels: z.optional(
      z.looseObject({ clickclack: z.optional(channelSchema), defaults: channelDefaultsSchema }, OBJECT),
    ),
    plugins: z.optional(plugins),
    gateway: z.optional(
      z.looseObject({ remote: z.optional(z.looseObject({ url: text, token: secret }, OBJECT)) }, OBJECT),
    ),
    session: z.optional(
      z.looseObject(
        {
          dmScope: choice("main", "per-peer", "per-channel-peer", "per-account-channel-peer"),
          groupScope: choice("main", "per-group"),
        },
        OBJECT,
      ),
    ),
    secrets: z.optional(secretSettings),
    agents: agentsSchema,
    bindings: bindingsSchema,
    messages: messagesSchema,
    edge: z.optional(edgeSchema),
    ...(Object.fromEntries(UNREAD_SECTIONS.map((key) => [key, unread])) as Record<never, never>),
  },
  OBJECT,
);
export type Document = z.infer<typeof documentSchema>;
