import { identityPatterns } from "../domain/identity-patterns.ts";
import { LOOP_POLICY_DEFAULT, type LoopPolicy } from "../domain/loop-guard.ts";
import type { Setting } from "../domain/setting.ts";
import type { AccountAdmission, GroupPolicy, LoopSettings } from "./admission.ts";
import type { ListedAgent } from "./agents.ts";
import type { AccountSettings, Document } from "./document.ts";
import { formatPath, type Path } from "./faults.ts";
import type { MessagesSettings } from "./gateway-schema.ts";
import type { AccountLayers, Layer } from "./layers.ts";
import { compilePatterns } from "./patterns.ts";
import type { Fault } from "./types.ts";

/** What of the document beside `channels.clickclack` bears on admission. */
export interface SharedAdmission {
  /** `channels.defaults` */
  defaults: NonNullable<Document["channels"]>["defaults"];
  messages?: MessagesSettings;
  /** The account's agent, when the document lists it. */
  agent: ListedAgent | undefined;
}

type GroupSettings = NonNullable<AccountSettings["groups"]>[string];
type LoopKeys = NonNullable<AccountSettings["botLoopProtection"]>;

/**
 * Reads which messages an account answers, by OpenClaw's rules, with the place of every setting.
 *
 * @param account its settings, layer by layer
 * @param shared what else bears on it
 * @param warnings takes what is passed over
 */
export function readAdmission(
  { values, layers, home, pathOf }: AccountLayers,
  shared: SharedAdmission,
  warnings: Fault[],
): AccountAdmission {
  const patterns = layers.findLast(({ settings }) => settings.mentionPatterns !== undefined);
  const ownPatterns = [...(patterns?.path ?? home), "mentionPatterns"];
  return {
    allowFrom: { value: values.allowFrom ?? ["*"], path: pathOf("allowFrom") },
    allowBots: { value: values.allowBots ?? false, path: pathOf("allowBots") },
    requireMention: { value: values.requireMention ?? false, path: pathOf("requireMention") },
    mentionPatterns: {
      value: compilePatterns(values.mentionPatterns ?? [], ownPatterns, warnings),
      path: formatPath(ownPatterns),
    },
    sharedMentionPatterns: sharedPatterns(shared, warnings),
    botLoopProtection: readLoopPolicy(layers, home, shared.defaults?.botLoopProtection),
    groups: readGroups(layers, warnings),
  };
}

/** The agent's own list goes before everybody's, an empty one too; without a list, the agent is called by its name. */
function sharedPatterns({ agent, messages }: SharedAdmission, warnings: Fault[]): Setting<readonly RegExp[]> {
  const compiled = (texts: readonly string[], path: Path, flags?: "iu") => ({
    value: compilePatterns(texts, path, warnings, flags),
    path: formatPath(path),
  });
  const ofAgent = agent?.groupChat?.mentionPatterns;
  if (agent !== undefined && ofAgent !== undefined)
    return compiled(ofAgent, [...agent.path, "groupChat", "mentionPatterns"]);
  const ofAll = messages?.groupChat?.mentionPatterns;
  if (ofAll === undefined && agent?.identity !== undefined)
    return compiled(identityPatterns(agent.identity), [...agent.path, "identity"], "iu");
  return compiled(ofAll ?? [], ["messages", "groupChat", "mentionPatterns"]);
}

function readLoopPolicy(
  layers: readonly Layer[],
  home: Path,
  defaults: LoopKeys | undefined,
): Setting<LoopPolicy> {
  const places = [
    { path: ["channels", "defaults"], keys: defaults },
    ...layers.map(({ path, settings }) => ({ path, keys: settings.botLoopProtection })),
  ].map(({ path, keys }) => ({ path, set: loopSettings(keys) }));
  const narrowest = places.findLast(({ set }) => set !== undefined)?.path ?? home;
  return {
    value: Object.assign({}, LOOP_POLICY_DEFAULT, ...places.map(({ set }) => set)) as LoopPolicy,
    path: formatPath([...narrowest, "botLoopProtection"]),
  };
}

/** Channel by channel and field by field; the account's own go over the channel's. */
function readGroups(layers: readonly Layer[], warnings: Fault[]): Record<string, GroupPolicy> {
  const groups = new Map<string, GroupPolicy>();
  for (const { path, settings } of layers) {
    for (const [key, group] of Object.entries(settings.groups ?? {})) {
      const id = key.trim();
      const before = groups.get(id) ?? {};
      const own = readGroup(group, [...path, "groups", key], warnings);
      const loop = mergedLoop(before.botLoopProtection, own.botLoopProtection);
      groups.set(id, { ...before, ...own, ...(loop && { botLoopProtection: loop }) });
    }
  }
  return Object.fromEntries(groups);
}

function readGroup(group: GroupSettings, path: Path, warnings: Fault[]): GroupPolicy {
  const place = (key: keyof GroupSettings) => formatPath([...path, key]);
  const { requireMention, mentionPatterns, allowBots } = group;
  const loop = loopSettings(group.botLoopProtection);
  return {
    ...(requireMention !== undefined && {
      requireMention: { value: requireMention, path: place("requireMention") },
    }),
    ...(mentionPatterns !== undefined && {
      mentionPatterns: {
        value: compilePatterns(mentionPatterns, [...path, "mentionPatterns"], warnings),
        path: place("mentionPatterns"),
      },
    }),
    ...(allowBots !== undefined && { allowBots: { value: allowBots, path: place("allowBots") } }),
    ...(loop !== undefined && { botLoopProtection: { value: loop, path: place("botLoopProtection") } }),
  };
}

function mergedLoop(
  before: Setting<LoopSettings> | undefined,
  own: Setting<LoopSettings> | undefined,
): Setting<LoopSettings> | undefined {
  if (before === undefined || own === undefined) return own ?? before;
  return { value: { ...before.value, ...own.value }, path: own.path };
}

/** @returns undefined when nothing is set */
function loopSettings(keys: LoopKeys | undefined): LoopSettings | undefined {
  const { enabled, maxEventsPerWindow, windowSeconds, cooldownSeconds } = keys ?? {};
  const set: LoopSettings = {
    ...(enabled !== undefined && { enabled }),
    ...(maxEventsPerWindow !== undefined && { maxEventsPerWindow }),
    ...(windowSeconds !== undefined && { windowMs: windowSeconds * 1000 }),
    ...(cooldownSeconds !== undefined && { cooldownMs: cooldownSeconds * 1000 }),
  };
  return Object.keys(set).length === 0 ? undefined : set;
}
