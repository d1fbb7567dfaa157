import type { PluginSettings } from "./document.ts";
import type { Activation } from "./types.ts";

/** OpenClaw's id of the ClickClack plugin, by which the lists name it. */
const PLUGIN_ID = "clickclack";

/**
 * Whether the channel runs. The first switch that says no decides, in OpenClaw's own order; its reason words are
 * OpenClaw's too.
 *
 * @param plugins the document's `plugins`
 * @param channelEnabled `channels.clickclack.enabled`
 */
export function readActivation(
  plugins: PluginSettings | undefined,
  channelEnabled: boolean | undefined,
): Activation {
  const names = (list: readonly string[]) => list.some((id) => id.trim() === PLUGIN_ID);
  const { enabled, deny = [], allow = [], entries } = plugins ?? {};

  if (enabled === false) return { on: false, reason: "plugins disabled" };
  if (names(deny)) return { on: false, reason: "blocked by denylist" };
  if (entries?.clickclack?.enabled === false) return { on: false, reason: "disabled in config" };
  if (channelEnabled === false) return { on: false, reason: "channel disabled in config" };
  // An empty list restricts nothing.
  if (allow.length > 0 && !names(allow)) return { on: false, reason: "not in allowlist" };
  return { on: true };
}
