import { ClickClackError } from "../../../src/clickclack/errors.ts";
import type { Channel, Workspace } from "../../../src/clickclack/wire.ts";
import { formatTarget, parseTarget, type Target } from "../../../src/domain/target.ts";
import { type Finding, fail, listed, type Outcome, only, pass, warn } from "../finding.ts";
import { troubleOf } from "../trouble.ts";
import type { Site } from "./site.ts";

export async function defaultTargetOutcome(site: Site, { id }: Workspace): Promise<Outcome<Target>> {
  const written = site.account.defaultTo;
  const parsed = parseTarget(written);
  if (!parsed.ok) return only(fail(`defaultTo: ${parsed.problem}`, "use channel:, dm: or thread:"));
  try {
    const finding = await targetFinding(site, id, parsed.target);
    return finding.state === "pass" ? { findings: [finding], value: parsed.target } : only(finding);
  } catch (error) {
    return only(troubleOf(error));
  }
}

/** @throws {ClickClackError} */
async function targetFinding(site: Site, workspaceId: string, target: Target): Promise<Finding> {
  const written = formatTarget(target);
  switch (target.kind) {
    case "channel": {
      const channels = await site.client.channels(workspaceId);
      const found = channels.find(({ id, name }) => [id, name].includes(target.channel));
      if (found !== undefined) return pass(`${written}: #${found.name} (${found.id})`);
      return fail(
        `${written}: there is no such channel`,
        `set defaultTo to one of: ${channelNames(channels)}`,
      );
    }
    case "dm": {
      const { byId, isWhole } = await site.members(workspaceId);
      if (byId.has(target.userId) || !isWhole)
        return pass(`${written}: ${byId.get(target.userId)?.display_name ?? "not among the first members"}`);
      return fail(`${written}: nobody in the workspace has this id`, "set defaultTo to the id of a member");
    }
    case "dm_handle": {
      const found = await site.client.memberByHandle(workspaceId, target.handle);
      if (found !== undefined) return pass(`${written}: ${found.display_name} (${found.id})`);
      return fail(`${written}: nobody in the workspace has this handle`, "set defaultTo to dm:<user id>");
    }
    case "thread":
      return (await canRead(site, target.messageId))
        ? pass(`${written}: the message can be read`)
        : fail(
            `${written}: there is no such message, or the bot cannot see it`,
            "set defaultTo to a channel, or to the root of a thread that is there",
          );
  }
}

/** ClickClack says 403 of what is not there. @throws {ClickClackError} when that cannot be told */
async function canRead({ client }: Site, messageId: string): Promise<boolean> {
  try {
    await client.message(messageId);
    return true;
  } catch (error) {
    if (error instanceof ClickClackError && ["not_found", "forbidden"].includes(error.failure)) return false;
    throw error;
  }
}

/** The entries of `groups` are ids; one that is a name looks right, and never counts. */
export async function groupsOutcome({ account, client }: Site, { id }: Workspace): Promise<Outcome<never>> {
  const keys = Object.keys(account.admission.groups).filter((key) => key !== "*");
  if (keys.length === 0) return only(pass("names no channel"));
  try {
    const channels = await client.channels(id);
    const ids = new Set(channels.map((channel) => channel.id));
    const wrong = keys.filter((key) => !ids.has(key));
    if (wrong.length === 0) return only(pass(`${listed(keys)}: all are there`));
    return only(...wrong.map((key) => groupFinding(key, channels)));
  } catch (error) {
    return only(troubleOf(error));
  }
}

function groupFinding(key: string, channels: readonly Channel[]): Finding {
  const named = channels.find(({ name }) => name === key.replace(/^#/, ""));
  if (named !== undefined)
    return fail(
      `groups.${key} is a channel's name, and has no effect`,
      `write its id in its place: ${named.id}`,
    );
  return warn(`groups.${key}: there is no such channel`, "correct the id, or remove the entry");
}

function channelNames(channels: readonly Channel[]): string {
  return channels.map(({ name }) => `channel:${name}`).join(", ") || "none is there: make one first";
}
