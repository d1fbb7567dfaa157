import { formatPath } from "./faults.ts";
import type { AccountLayers } from "./layers.ts";
import type { Fault } from "./types.ts";

/**
 * Settings that are made in a document and have no effect here. They belong to a working gateway's document, and keep no
 * account from answering.
 *
 * @param account its settings
 */
export function unusedSettings({ values, layers, pathOf }: AccountLayers): Fault[] {
  const warnings: Fault[] = [];
  const note = (path: string, found: string, mend: string) => warnings.push({ path, found, mend });
  if (values.agentActivity === true) {
    const found =
      "true, which has no effect: the completions endpoint does not tell what tools an agent uses";
    note(pathOf("agentActivity"), found, "remove it; nativeProgress shows that an answer is being made");
  }
  const discussions = layers.findLast(({ settings }) => settings.discussions?.enabled !== undefined);
  if (discussions?.settings.discussions?.enabled === true) {
    const found = "true, which has no effect: discussions are of sessions within the gateway";
    note(
      formatPath([...discussions.path, "discussions", "enabled"]),
      found,
      "remove it, or run OpenClaw's own plugin for them",
    );
  }
  if (values.configWrites === true) {
    const found = "true, which has no effect: no chat command changes a document here";
    note(pathOf("configWrites"), found, "remove it");
  }
  if (values.botUserId?.trim()) {
    const found = "a user id, which has no effect: ClickClack tells whose token it is";
    note(pathOf("botUserId"), found, "remove it");
  }
  return warnings;
}

/**
 * `toolsAllow` narrows the tools that chat users reach through the bot. Nothing in a request to the gateway can do that, so
 * that the account would give them more than the operator allowed: it does not start.
 *
 * @param account its settings
 */
export function toolFaults({ values, pathOf }: AccountLayers): Fault[] {
  const { toolsAllow } = values;
  // `*` in the list allows every tool, whatever else stands there.
  if (toolsAllow === undefined || toolsAllow.some((tool) => tool.trim() === "*")) return [];
  return [
    {
      path: pathOf("toolsAllow"),
      found: "a list that narrows the agent's tools, which cannot be done from outside the gateway",
      mend: "restrict the agent itself, with tools.allow or tools.deny at the agent in the gateway, and remove this key",
    },
  ];
}
