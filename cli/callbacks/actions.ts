import { Problem } from "../problem.ts";
import type { Described } from "./described.ts";
import type { Flags } from "./flags.ts";
import { calls, inboundLines, putLines, SHOWN_ONCE, secretLines } from "./lines.ts";
import type { Manager } from "./manager.ts";
import { type Callback, callbackUrl, provision } from "./provision.ts";
import { finishEvents, rotateCommands, rotateEvents } from "./rotate.ts";

/** What the actions work with. */
export interface Stage {
  flags: Flags;
  described: Described;
  manager: Manager;
  workspace: { id: string; name: string };
  print(...lines: readonly string[]): void;
}

/**
 * @param botUserId the account's bot; needed when there are commands to make
 * @returns what calls the account, for programs; a secret goes into the Worker's `variable`
 */
export async function setUp(stage: Stage, botUserId: string | undefined): Promise<unknown> {
  const { flags, described, manager, workspace, print } = stage;
  const { account, variables } = described;
  // What has no place for its secret is found out before it is made.
  for (const kind of flags.kinds) variables(kind);
  const callbacks = await provision(manager, {
    workspaceId: workspace.id,
    accountId: account.id,
    url: flags.url,
    events: flags.kinds.includes("events"),
    commands: flags.commands,
    botUserId,
  });
  print(`What calls account "${account.id}" from ${workspace.name}:`, "", ...calls(callbacks));
  if (callbacks.every(({ secret }) => secret === undefined))
    print("", "All of it was there, and its secrets are not shown again. --rotate gives new ones.");
  else print(...secretLines(callbacks, (kind) => variables(kind).name));
  if (flags.kinds.includes("events")) print(...inboundLines(account));
  const found = callbacks.map((callback) => ({ ...callback, variable: variables(callback.kind).name }));
  return { account: account.id, workspace: workspace.id, callbacks: found };
}

/** @returns what has a new secret, for programs */
export async function rotate(stage: Stage): Promise<unknown> {
  const { flags, described, manager, workspace, print } = stage;
  const { account, variables } = described;
  for (const kind of flags.kinds) variables(kind);
  const rotated: (Callback & { variable: string })[] = [];
  if (flags.kinds.includes("events")) {
    const { name, next } = variables("events");
    const address = callbackUrl(flags.url, account.id, "events");
    const made = await rotateEvents(manager, workspace.id, address);
    rotated.push({ ...made, variable: next });
    print(
      "Events are signed with the old secret and with a new one from now on, and each message is taken once.",
      `Give the Worker the new one beside the old. ${SHOWN_ONCE}`,
      "",
      ...putLines(next, [made.secret ?? ""]),
      "",
      `Then run this with --finish in place of --rotate. Keep the value until then: it moves to ${name}.`,
      "",
    );
  }
  if (flags.kinds.includes("commands")) rotated.push(...(await rotateAllCommands(stage)));
  return { account: account.id, workspace: workspace.id, callbacks: rotated };
}

async function rotateAllCommands({
  flags,
  described,
  manager,
  workspace,
  print,
}: Stage): Promise<(Callback & { variable: string })[]> {
  const { name } = described.variables("commands");
  const address = callbackUrl(flags.url, described.account.id, "commands");
  const rotated = await rotateCommands(manager, workspace.id, address, (there) =>
    print(
      `Now for ${there.map(({ command }) => command).join(", ")}: the old secret dies at once, and whoever gives a command is shown an error`,
      "until the Worker has the new one. Should this stop half-way, run it again.",
      "",
    ),
  );
  if (rotated.length > 0)
    print(
      `Give the Worker the new secret now. ${SHOWN_ONCE}`,
      "",
      ...putLines(
        name,
        rotated.map(({ secret = "" }) => secret),
      ),
    );
  else if (!flags.kinds.includes("events"))
    throw new Problem(`--url: no slash command calls ${address}; correct it, or set it up first`);
  return rotated.map((callback) => ({ ...callback, variable: name }));
}

/** @returns which secret is to move where, for programs */
export async function finish({ flags, described, manager, workspace, print }: Stage): Promise<unknown> {
  if (!flags.kinds.includes("events"))
    throw new Problem(
      "--finish: it is for events, and commands are done when the Worker has their secret; leave --only out",
    );
  const { name, next } = described.variables("events");
  const address = callbackUrl(flags.url, described.account.id, "events");
  const revoked = await finishEvents(manager, workspace.id, address);
  print(
    revoked === 0
      ? "No older subscription is left."
      : "The subscription with the old secret is revoked; the new one goes on.",
    `Move the new secret to its place. The value is the one that --rotate has shown; put it before you delete ${next}:`,
    "",
    `  npx wrangler secret put ${name}`,
    `  npx wrangler secret delete ${next}`,
  );
  return { revoked, put: name, delete: next };
}

/** @returns the same for programs */
export async function list({ flags, manager, workspace, print }: Stage): Promise<unknown> {
  const none = ["  none"];
  const wants = (kind: Flags["kinds"][number]) => flags.kinds.includes(kind);
  const subscriptions = wants("events") ? await manager.subscriptions(workspace.id) : [];
  const commands = wants("commands") ? await manager.commands(workspace.id) : [];
  if (wants("events")) {
    const lines = subscriptions.map(
      ({ id, callback_url, event_types }) => `  ${id}  ${event_types.join(", ")} → ${callback_url}`,
    );
    print(`Event subscriptions of ${workspace.name}:`, ...(lines.length > 0 ? lines : none));
  }
  if (wants("commands")) {
    const bots = new Map((await manager.bots(workspace.id)).map(({ id, handle }) => [id, handle]));
    const lines = commands.map(
      ({ command, bot_user_id, callback_url }) =>
        `  ${command}  as @${bots.get(bot_user_id) || bot_user_id} → ${callback_url}`,
    );
    print(`Slash commands of ${workspace.name}:`, ...(lines.length > 0 ? lines : none));
  }
  return { workspace: workspace.id, subscriptions, commands };
}
