import { inject } from "vitest";
import type { Attachment } from "../../sandbox/room.ts";
import { clickclackOf } from "./control.ts";
import type { FileWish } from "./file-wish.ts";
import { postMessage, sendState, type World } from "./world.ts";

/** The address of a file that is answered for as wished. */
export function fileAt(path: string, wish: FileWish = {}): string {
  const url = new URL(path, inject("filesUrl"));
  url.searchParams.set("wish", JSON.stringify(wish));
  return url.href;
}

/** The requests for a file, by its path. */
export async function seenAt(path: string): Promise<{ headers: Record<string, string> }[]> {
  const url = new URL("/seen", inject("filesUrl"));
  url.searchParams.set("path", path);
  return (await fetch(url)).json();
}

/** How many requests waited at once for files of a folder. */
export async function crowdAt(folder: string): Promise<number> {
  const url = new URL("/crowd", inject("filesUrl"));
  url.searchParams.set("path", folder);
  return (await fetch(url)).json();
}

/** Sends with files, as one account. */
export function mediaOf(account: string, world: World) {
  const clickclack = clickclackOf(world.bot.id);
  const uploads = () => clickclack.calls("POST", "^/api/uploads$");
  const said = async (messageId: string | undefined) => world.room.messageOf(world.ada, messageId ?? "");
  return {
    clickclack,
    /** Asks for a send. */
    ask: async (body: object, headers: Record<string, string> = {}) => {
      const response = await postMessage({ account, ...body }, headers);
      const answer = (await response.json()) as Record<string, string>;
      return { status: response.status, headers: response.headers, answer, id: answer.id ?? "" };
    },
    said,
    state: sendState,
    /** What hangs on a message. */
    filesOn: async (messageId: string | undefined): Promise<Attachment[]> =>
      (await said(messageId)).attachments ?? [],
    /** How many uploads were asked for that name this in their nonce. */
    uploadsFor: async (send: string): Promise<number> =>
      (await uploads()).filter(({ query }) => query.nonce?.includes(send.slice(-24))).length,
    /** How often a text was posted in a channel, as those see it who are there. */
    timesIn: async (channel: string, text: string): Promise<number> =>
      (await world.room.inChannel(world.ada, channel)).filter(({ body }) => body === text).length,
    /** What the bytes of an upload are. */
    bytesOf: async (uploadId: string | undefined): Promise<Uint8Array> => {
      const response = await fetch(`${inject("clickclackUrl")}/api/uploads/${uploadId}`, {
        headers: { authorization: `Bearer ${world.ada.token}` },
      });
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}
