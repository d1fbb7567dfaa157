import type { ListedAccount } from "./account-ids.ts";
import type { AccountSettings, ChannelSettings } from "./document.ts";
import { formatPath, type Path } from "./faults.ts";
import { mergeSettings } from "./merge.ts";

const CHANNEL: Path = ["channels", "clickclack"];

/** Settings of which a broad place still counts beside a narrow one. */
const MERGED: ReadonlySet<string> = new Set(["groups", "botLoopProtection", "discussions"]);

/** One place of the document that sets something for an account. */
export interface Layer {
  path: Path;
  settings: AccountSettings;
}

/** The settings of one account, and where each of them stands in the document. */
export interface AccountLayers {
  /** Normalised account id. */
  id: string;
  /** All of them, merged. */
  values: AccountSettings;
  /** Broad to narrow: `channels.clickclack`, then the account's own entry, if it has one. */
  layers: readonly Layer[];
  /** The account's own place, where a default would be changed for it alone. */
  home: Path;
  /** The places of all settings that are in effect. */
  places: readonly string[];
  /** Where a setting stands; for one that is not set, where it would be. */
  pathOf(key: keyof AccountSettings): string;
}

/**
 * @param listed which account
 * @param channel `channels.clickclack`
 */
export function layersOf({ id, key }: ListedAccount, channel: ChannelSettings): AccountLayers {
  const { accounts, defaultAccount: _, historyLimit: __, ...inherited } = channel;
  const own = (key === undefined ? undefined : accounts?.[key]) ?? {};
  const home = key === undefined ? CHANNEL : [...CHANNEL, "accounts", key];
  const broad: Layer = { path: CHANNEL, settings: inherited };
  const kept = Object.keys(inherited).filter((name) => MERGED.has(name) || !Object.hasOwn(own, name));
  return {
    id,
    values: mergeSettings(inherited, own),
    layers: key === undefined ? [broad] : [broad, { path: home, settings: own }],
    home,
    places: [
      ...kept.map((name) => formatPath([...CHANNEL, name])),
      ...Object.keys(own).map((name) => formatPath([...home, name])),
    ],
    pathOf(name) {
      const isInherited = !Object.hasOwn(own, name) && Object.hasOwn(inherited, name);
      return formatPath([...(isInherited ? CHANNEL : home), name]);
    },
  };
}
