import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startClickClack } from "../../sandbox/clickclack/server.ts";
import { startOpenClaw } from "../../sandbox/openclaw/server.ts";
import { type Member, makeRoom, type Room, roomAt } from "../../sandbox/room.ts";
import { edge, type Run } from "./tool.ts";

/** Both remotes, a workspace with bots, and a folder as somebody has it who has just cloned the project. */
export interface SetupStage {
  clickclack: string;
  gateway: string;
  gatewayToken: string;
  room: Room;
  owner: Member;
  /** @returns a new setup code of a bot, as ClickClack shows it */
  mint(bot: string, order?: object): Promise<string>;
  /** Makes a folder with this document in it; that of the repository without one. */
  clone(document?: string): Promise<Clone>;
  stop(): Promise<void>;
}

export interface Clone {
  folder: string;
  /** Runs `setup` on the folder's document. */
  setup(args: readonly string[], options?: { env?: Record<string, string>; input?: string }): Promise<Run>;
  document(): Promise<string>;
  /** The text of `.dev.vars`; "" for none. */
  secrets(): Promise<string>;
}

export async function setSetupStage(agents = ["main"]): Promise<SetupStage> {
  const clickclack = await startClickClack();
  const gateway = await startOpenClaw({ agents });
  const room = roomAt(
    clickclack.url,
    await makeRoom(clickclack.url, {
      name: "Harbour",
      slug: "harbour",
      channels: ["general", "library"],
      humans: [{ name: "Ada", handle: "ada", role: "owner" }],
      bots: [
        { name: "Scout", handle: "scout" },
        { name: "Sage", handle: "sage", owner: "ada" },
        { name: "Reader", handle: "reader", scopes: ["bot:read"] },
      ],
    }),
  );
  const folders: string[] = [];
  const owner = room.person("ada");

  return {
    clickclack: clickclack.url,
    gateway: gateway.url,
    gatewayToken: gateway.token,
    room,
    owner,
    mint: async (bot, order = {}) => {
      const path = `/api/workspaces/${room.workspaceId}/bots/${room.bot(bot).id}/setup-codes`;
      const answer = await fetch(clickclack.url + path, {
        method: "POST",
        headers: { authorization: `Bearer ${owner.token}` },
        body: JSON.stringify({ name: crypto.randomUUID(), ...order }),
      });
      return ((await answer.json()) as { setup_code: { code: string } }).setup_code.code;
    },
    clone: async (document) => {
      const folder = await mkdtemp(join(tmpdir(), "edge-setup-"));
      folders.push(folder);
      const path = join(folder, "openclaw.json5");
      await writeFile(path, document ?? (await readFile(new URL("../../openclaw.json5", import.meta.url))));
      return {
        folder,
        setup: (args, options) => edge(["setup", "--config", path, ...args], options),
        document: () => readFile(path, "utf8"),
        secrets: () => readFile(join(folder, ".dev.vars"), "utf8").catch(() => ""),
      };
    },
    stop: async () => {
      await Promise.all([clickclack.close(), gateway.close()]);
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
}
