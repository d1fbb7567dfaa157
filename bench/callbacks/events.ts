import { eventCallback } from "../../sandbox/clickclack/callbacks/request.ts";
import { idSource } from "../../sandbox/clickclack/rules/ids.ts";
import type { Shot } from "../load.ts";
import type { Stage } from "./stage.ts";

/** So many that no conversation gets more messages at once than may wait in it. */
const CHANNELS = 64;

/**
 * Makes callbacks as ClickClack does, each of a message that nobody has heard of, so that each is journaled. They are all
 * of the same size.
 */
export function eventSource({ secret, workspaceId, personId }: Stage): (count: number) => Shot[] {
  const newId = idSource(Date.now);
  const channels = Array.from({ length: CHANNELS }, () => newId("chn"));
  const subscription = { id: newId("sub"), callback_url: "", signing_secret: secret };
  let made = 0;
  const one = (): Shot => {
    const event = {
      id: newId("evt"),
      cursor: newId("cur"),
      type: "message.created",
      workspace_id: workspaceId,
      channel_id: channels[made++ % CHANNELS] ?? "",
      seq: 100_000 + made,
      created_at: new Date().toISOString(),
      payload: { author_id: personId, correlation_id: newId("corr"), message_id: newId("msg") },
      mentioned_user_ids: [],
      recipient_user_ids: [],
    };
    const { headers, body } = eventCallback(subscription, event, Math.floor(Date.now() / 1000));
    return { headers, body: Buffer.from(body) };
  };
  return (count) => Array.from({ length: count }, one);
}
