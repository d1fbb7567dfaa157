import { inject } from "vitest";
import type { Member } from "../../sandbox/room.ts";

/** What "Copy link" gives a member of the workspace. */
export async function linkTo(who: Member, message: string): Promise<string> {
  const read = async (path: string) => {
    const headers = { authorization: `Bearer ${who.token}` };
    return (await fetch(inject("clickclackUrl") + path, { headers })).json();
  };
  const { root } = (await read(`/api/messages/${message}/thread`)) as { root: { route_id: string } };
  const { workspaces } = (await read("/api/workspaces")) as { workspaces: { route_id: string }[] };
  return `https://chat.example.com/app/${workspaces[0]?.route_id}/${root.route_id}`;
}
