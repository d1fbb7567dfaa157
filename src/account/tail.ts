import type { ClickClackClient } from "../clickclack/client.ts";

/** The end of the event log, as a place to go on from. */
export interface Tail {
  /** Of the newest event; "" when there is none. */
  cursor: string;
  /** Whether no page shows that event, so that its absence proves nothing. */
  isHidden: boolean;
}

/**
 * Takes the tail. One whose event is in no page cannot be told later from one that was pruned, so it is looked for at
 * once; and what is pruned meanwhile is not the tail any more, since the newest event goes last.
 *
 * @throws {ClickClackError}
 */
export async function takeTail(
  client: Pick<ClickClackClient, "tail" | "holdsEvent">,
  workspaceId: string,
): Promise<Tail> {
  const cursor = await client.tail(workspaceId);
  if (cursor === "" || (await client.holdsEvent(workspaceId, cursor))) return { cursor, isHidden: false };
  const now = await client.tail(workspaceId);
  return { cursor: now, isHidden: now === cursor };
}
