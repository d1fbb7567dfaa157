import { inject } from "vitest";
import type { World } from "./world.ts";

export interface LoggedEvent {
  cursor: string;
  type: string;
  payload: { message_id?: string; correlation_id?: string };
}

/** The first events of a workspace's log, as a person sees them, and the cursor of its last one. */
export async function eventLog(world: World): Promise<{ events: LoggedEvent[]; tail_cursor: string }> {
  const query = new URLSearchParams({
    workspace_id: world.room.workspaceId,
    limit: "500",
    include_tail: "true",
  });
  const response = await fetch(`${inject("clickclackUrl")}/api/realtime/events?${query}`, {
    headers: { authorization: `Bearer ${world.ada.token}` },
  });
  return response.json();
}

/** The first event that tells of a message. */
export async function eventOf(world: World, message: string): Promise<LoggedEvent> {
  const { events } = await eventLog(world);
  const found = events.find(({ payload }) => payload.message_id === message);
  if (found === undefined) throw new Error(`the log has no event of ${message}`);
  return found;
}
