import { parentPort, workerData } from "node:worker_threads";
import { WebSocket } from "ws";
import type { Seat } from "./cast.ts";
import type { Stage } from "./stage.ts";

/*
 * The least that a bot can do: hear of a message, get it, ask the model, post the answer. Nothing is stored, checked or
 * tried again. Within a room it answers one after the other, as the product does.
 */
if (parentPort !== null) {
  const port = parentPort;
  const { clickclack, gateway, seat } = workerData as Pick<Stage, "clickclack" | "gateway"> & { seat: Seat };
  const headers = { authorization: `Bearer ${seat.bot.token}`, "content-type": "application/json" };
  const asked = { authorization: `Bearer ${gateway.token}`, "content-type": "application/json" };
  const read = async (response: Response) => {
    if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
    return response.json();
  };

  const answer = async (channelId: string, messageId: string): Promise<void> => {
    const got = await read(await fetch(`${clickclack}/api/messages/${messageId}`, { headers }));
    const { message } = got as { message: { body: string } };
    const question = { model: "openclaw/main", messages: [{ role: "user", content: message.body }] };
    const completed = await read(
      await fetch(`${gateway.url}/v1/chat/completions`, {
        method: "POST",
        headers: asked,
        body: JSON.stringify(question),
      }),
    );
    const body = (completed as { choices: [{ message: { content: string } }] }).choices[0].message.content;
    await read(
      await fetch(`${clickclack}/api/channels/${channelId}/messages`, {
        method: "POST",
        headers,
        body: JSON.stringify({ body, quoted_message_id: messageId }),
      }),
    );
  };

  const rooms = new Map<string, Promise<void>>();
  const address = `${clickclack.replace("http", "ws")}/api/realtime/ws?workspace_id=${seat.workspaceId}`;
  const socket = new WebSocket(address, { headers });
  socket.on("message", (data) => {
    const event = JSON.parse(String(data)) as {
      type: string;
      channel_id: string;
      payload: { message_id: string; author_id: string };
    };
    if (event.type !== "message.created" || event.payload.author_id === seat.bot.id) return;
    const before = rooms.get(event.channel_id) ?? Promise.resolve();
    rooms.set(
      event.channel_id,
      before.then(() => answer(event.channel_id, event.payload.message_id)),
    );
  });
  socket.once("open", () => port.postMessage("up"));
  port.once("message", () => {
    socket.terminate();
    port.close();
  });
}
