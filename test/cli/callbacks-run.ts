import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type ClickClack, startClickClack } from "../../sandbox/clickclack/server.ts";
import { makeRoom, type Room, roomAt } from "../../sandbox/room.ts";
import { type Callback, openReceiver, type Receiver, signatureOf } from "../contract/receiver.ts";
import { type Run, edge as runEdge } from "./tool.ts";

/** A workspace with people and bots, something in the Worker's place, and the command as a person runs it. */
export interface Harbour {
  clickclack: ClickClack;
  worker: Receiver;
  room: Room;
  /** Runs `callbacks` with Ada's session, who owns the workspace, and with the Worker's address unless told otherwise. */
  run(args: readonly string[], more?: { env?: Record<string, string>; url?: string }): Promise<Run>;
  /** A file's worth of what the runs have left behind: the names of all files. */
  files(): Promise<string[]>;
}

/** @param edge the document's `edge.accounts` */
export async function openHarbour(edge: object = {}): Promise<Harbour> {
  const clickclack = await startClickClack();
  onTestFinished(() => clickclack.close());
  const worker = await openReceiver();
  onTestFinished(() => worker.close());
  const folder = await mkdtemp(join(tmpdir(), "clickclack-edge-callbacks-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const made = await makeRoom(clickclack.url, {
    name: "Harbour",
    slug: "harbour",
    channels: ["general"],
    humans: [
      { name: "Ada", handle: "ada", role: "owner" },
      { name: "Ben", handle: "ben", role: "member" },
    ],
    bots: [
      { name: "Sage", handle: "sage" },
      { name: "Scout", handle: "scout" },
    ],
  });
  const room = roomAt(clickclack.url, made);
  const document = {
    channels: {
      clickclack: {
        baseUrl: "${HARBOUR_URL}",
        workspace: "harbour",
        accounts: { sage: { token: "${SAGE_TOKEN}" }, scout: {} },
        defaultAccount: "sage",
      },
    },
    edge: { accounts: edge },
  };
  const base = {
    PATH: process.env.PATH ?? "",
    HOME: folder,
    TMPDIR: folder,
    OPENCLAW_CONFIG: JSON.stringify(document),
    HARBOUR_URL: clickclack.url,
    SAGE_TOKEN: room.bot("sage").token,
    CLICKCLACK_SESSION: room.person("ada").token,
  };
  return {
    clickclack,
    worker,
    room,
    run: (args, { env = {}, url = worker.url } = {}) => {
      const address = url === "" ? [] : ["--url", url];
      return runEdge(["callbacks", ...address, ...args], { env: { ...base, ...env } });
    },
    files: () => readdir(folder, { recursive: true }),
  };
}

/** The values that a run shows for one Worker secret. */
export function valuesFor({ out }: Run, name: string): string[] {
  const shown = new RegExp(`^  npx wrangler secret put ${name}\\n    (\\S+)$`, "m").exec(out)?.[1];
  return shown?.split(",") ?? [];
}

/** Whether ClickClack has signed a callback with a secret. */
export function isSignedWith(callback: Callback, secret: string | undefined): boolean {
  return callback.headers["x-clickclack-signature"] === signatureOf(callback, secret ?? "");
}

/** Gives a slash command in the channel, as Ada. */
export async function give({ clickclack, room }: Harbour, command: string): Promise<void> {
  await fetch(`${clickclack.url}/api/hooks/slash/${room.channelId("general")}`, {
    method: "POST",
    headers: { authorization: `Bearer ${room.person("ada").token}` },
    body: new URLSearchParams({ command, text: "what is new?" }),
  });
}

/** Says something in the channel, as Ada; ClickClack has called everybody when this is over. */
export function say({ room }: Harbour): Promise<string> {
  return room.say(room.person("ada"), room.channelId("general"), "what is new?");
}
