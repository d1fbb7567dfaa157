/**
 * A value of the configuration, and where it stands in the document; for a default, where it would be set. What decides
 * something is reported with it, so that an operator knows what to change.
 */
export interface Setting<Value> {
  value: Value;
  /** Dotted: `channels.clickclack.accounts.peter.requireMention`. */
  path: string;
}
