import type { Place } from "../clickclack/client.ts";
import type { Target } from "../domain/target.ts";
import type { AccountContext } from "./context.ts";
import type { Directory } from "./directory.ts";
import { Unsendable } from "./send-problem.ts";

/**
 * Finds the place that a target names.
 *
 * @throws {Unsendable} when there is none
 * @throws {ClickClackError}
 */
export async function resolvePlace(
  { client }: AccountContext,
  directory: Directory,
  workspaceId: string,
  target: Target,
): Promise<Place> {
  switch (target.kind) {
    case "channel": {
      const channelId = await directory.channelId(workspaceId, target.channel);
      if (channelId === undefined)
        throw new Unsendable("channel_not_found", `ClickClack channel not found: ${target.channel}`);
      return { kind: "channel", channelId };
    }
    case "dm":
      return { kind: "dm", dmId: (await client.openDm(workspaceId, target.userId)).id };
    case "dm_handle": {
      const person = await client.memberByHandle(workspaceId, target.handle);
      if (person === undefined)
        throw new Unsendable("user_not_found", `ClickClack user not found: @${target.handle}`);
      return { kind: "dm", dmId: (await client.openDm(workspaceId, person.id)).id };
    }
    case "thread":
      // Any message of the thread may be named; ClickClack takes replies at the root only.
      return { kind: "thread", rootId: (await client.message(target.messageId)).thread_root_id };
  }
}
