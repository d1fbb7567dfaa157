import { z } from "zod";
import { badRequest } from "../errors.ts";
import { expandScopes } from "../rules/scopes.ts";
import { insertChannel } from "../store/channels.ts";
import { insertMember } from "../store/members.ts";
import type { Store } from "../store/store.ts";
import type { UserRow, WorkspaceRow } from "../store/tables.ts";
import { insertBotToken, insertSession } from "../store/tokens.ts";
import { insertUser } from "../store/users.ts";
import { insertWorkspace } from "../store/workspaces.ts";
import { workspaceView } from "../wire/place.ts";
import type { ControlRoute } from "./router.ts";

const Person = z.strictObject({
  name: z.string(),
  handle: z.string(),
  avatar_url: z.string().optional(),
  role: z.enum(["owner", "moderator", "member"]).optional(),
  token: z.string().optional(),
});

const Bot = z.strictObject({
  name: z.string(),
  handle: z.string(),
  avatar_url: z.string().optional(),
  scopes: z.array(z.string()).optional(),
  owner: z.string().optional(),
  token: z.string().optional(),
});

const Order = z.strictObject({
  name: z.string().default("Workspace"),
  slug: z.string().default(""),
  channels: z.array(z.string()).default(["general"]),
  humans: z.array(Person).default([]),
  bots: z.array(Bot).default([]),
});

type Credentials = Record<string, { readonly id: string; readonly token: string }>;

/**
 * Makes whole workspaces, and says who is in one.
 *
 * ClickClack's handles are unique over the server. Here they need to be unique in a workspace only, so that test files
 * that share a server need not invent names; mentions are looked up in the workspace anyway.
 */
export const provisionRoutes: readonly ControlRoute[] = [
  [
    "POST",
    "workspaces",
    ({ world, body }) => {
      const order = Order.safeParse(body);
      if (!order.success) throw badRequest(z.prettifyError(order.error));
      return provision(world.store, order.data);
    },
  ],
  // Whoever opens the chat page picks who they are from this list, tokens and all. It exists in the stand-in only;
  // ClickClack shows a session's token once, to whoever signs in.
  [
    "GET",
    "people",
    ({ world, query }) => {
      const members = world.store.members.get(query.get("workspace_id") ?? "") ?? new Map();
      const people = [...world.store.sessions].flatMap(([token, id]) => {
        const user = members.has(id) ? world.store.users.get(id) : undefined;
        return user === undefined
          ? []
          : [{ id, display_name: user.display_name, handle: user.handle, token }];
      });
      return { people };
    },
  ],
  [
    "GET",
    "workspaces",
    ({ world }) => ({
      workspaces: [...world.store.workspaces.values()].map(({ id, name, slug }) => ({ id, name, slug })),
    }),
  ],
];

function provision(store: Store, order: z.infer<typeof Order>): object {
  requireDistinct([...order.humans, ...order.bots].map(({ handle }) => handle));
  const workspace = insertWorkspace(store, { name: order.name, slug: order.slug || store.newId("w") });
  const people = new Map<string, UserRow>();
  const humans: Credentials = {};
  for (const { name, handle, avatar_url, role, token } of order.humans) {
    const user = insertUser(store, {
      kind: "human",
      displayName: name,
      handle,
      avatarUrl: avatar_url ?? "",
      ownerUserId: "",
    });
    insertMember(store, workspace.id, user.id, role ?? (people.size === 0 ? "owner" : "member"));
    people.set(handle, user);
    humans[handle] = { id: user.id, token: insertSession(store, user.id, token) };
  }
  const bots: Credentials = {};
  for (const bot of order.bots) bots[bot.handle] = provisionBot(store, workspace, people, bot);
  const channels: Record<string, string> = {};
  for (const name of order.channels) channels[name] = insertChannel(store, workspace.id, { name }).id;
  return { workspace: workspaceView(workspace, "owner"), channels, humans, bots };
}

function provisionBot(
  store: Store,
  workspace: WorkspaceRow,
  people: ReadonlyMap<string, UserRow>,
  bot: z.infer<typeof Bot>,
) {
  const owner = bot.owner === undefined ? undefined : people.get(bot.owner);
  if (bot.owner !== undefined && owner === undefined)
    throw badRequest(`bot owner ${bot.owner} is none of the humans`);
  const user = insertUser(store, {
    kind: "bot",
    displayName: bot.name,
    handle: bot.handle,
    avatarUrl: bot.avatar_url ?? "",
    ownerUserId: owner?.id ?? "",
  });
  insertMember(store, workspace.id, user.id, "bot");
  const { token } = insertBotToken(store, {
    bot: user,
    workspaceId: workspace.id,
    name: "default",
    scopes: expandScopes(bot.scopes ?? ["bot:write"]),
    createdBy: "",
    token: bot.token,
  });
  return { id: user.id, token };
}

function requireDistinct(handles: readonly string[]): void {
  const repeated = handles.find((handle, at) => handles.indexOf(handle) !== at);
  if (repeated !== undefined) throw badRequest(`handle ${repeated} is given twice`);
}
