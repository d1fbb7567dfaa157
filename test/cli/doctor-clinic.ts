import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import type { Reported } from "../../cli/doctor/report.ts";
import { startClickClack } from "../../sandbox/clickclack/server.ts";
import { startOpenClaw } from "../../sandbox/openclaw/server.ts";
import { makeRoom, type Room, type RoomOrder, roomAt } from "../../sandbox/room.ts";
import { edge } from "./tool.ts";

/** A workspace, a gateway and a place for documents, where the doctor is called to. */
export interface Clinic {
  clickclack: string;
  gateway: string;
  gatewayToken: string;
  room: Room;
  /** Calls the stand-in ClickClack's side door. */
  control(path: string, body: object): Promise<void>;
  /** Makes another gateway. @returns its token */
  addGateway(order: object): Promise<string>;
  /**
   * Has the doctor look.
   *
   * @param document the whole of it
   * @param variables of the environment
   */
  visit(
    document: object | string,
    variables?: Record<string, string>,
    args?: readonly string[],
  ): Promise<Visited>;
  /** Makes bots of one more workspace. */
  furnish(order: Partial<RoomOrder>): Promise<Room>;
}

/** What the doctor has found. */
export interface Visited {
  exit: number;
  all: Reported[];
  /** Those of a check. */
  of(id: string): Reported[];
  /** What is to be mended, by check. */
  ailing: Record<string, string>;
  /** All that was printed. */
  said: string;
}

const ROOM: RoomOrder = {
  name: "Harbour",
  slug: "harbour",
  channels: ["general", "library"],
  humans: [
    { name: "Ada", handle: "ada", role: "owner" },
    { name: "Ben", handle: "ben" },
  ],
  bots: [{ name: "Scout", handle: "scout" }],
};

/** Opens a clinic for the tests of a file. */
export function openClinic(): Clinic {
  const stops: (() => Promise<void>)[] = [];
  const clinic = {} as Clinic;
  beforeAll(async () => {
    const clickclack = await startClickClack();
    stops.push(() => clickclack.close());
    const gateway = await startOpenClaw({ agents: ["scout", "sage"] });
    stops.push(() => gateway.close());
    const folder = await mkdtemp(join(tmpdir(), "edge-doctor-"));
    stops.push(() => rm(folder, { recursive: true, force: true }));
    const furnish = async (order: Partial<RoomOrder>) =>
      roomAt(
        clickclack.url,
        await makeRoom(clickclack.url, { ...ROOM, slug: crypto.randomUUID(), ...order }),
      );
    const post = async (url: string, body: object): Promise<unknown> => {
      const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
      return answer.json();
    };
    Object.assign(clinic, {
      clickclack: clickclack.url,
      gateway: gateway.url,
      gatewayToken: gateway.token,
      room: await furnish({ slug: "harbour" }),
      control: async (path, body) => void (await post(`${clickclack.url}/sandbox/${path}`, body)),
      addGateway: async (order) =>
        ((await post(`${gateway.url}/sandbox/gateways`, order)) as { token: string }).token,
      furnish,
      visit: async (document, variables = {}, args = []) => {
        const file = join(folder, `${crypto.randomUUID()}.json5`);
        await writeFile(file, typeof document === "string" ? document : JSON.stringify(document));
        const run = await edge(["doctor", "--json", "--config", file, ...args], { env: variables });
        const all = run.exit === 2 ? [] : (run.json() as Reported[]);
        return {
          exit: run.exit,
          all,
          of: (id) => all.filter((one) => one.id === id),
          ailing: Object.fromEntries(
            all
              .filter(({ state }) => state === "fail" || state === "warn")
              .map(({ id, state, found, mend }) => [id, `${state}: ${found} → ${mend}`]),
          ),
          said: run.out + run.err,
        };
      },
    } satisfies Clinic);
  });
  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
  });
  return clinic;
}

/** A document with one well account, in which parts can be changed. */
export function wellDocument(
  { clickclack, gateway }: Clinic,
  account: object = {},
  more: object = {},
): object {
  return {
    channels: {
      clickclack: {
        baseUrl: clickclack,
        workspace: "harbour",
        token: { source: "env", provider: "default", id: "CLICKCLACK_BOT_TOKEN" },
        agentId: "scout",
        ...account,
      },
    },
    gateway: {
      remote: { url: gateway, token: { source: "env", provider: "default", id: "OPENCLAW_GATEWAY_TOKEN" } },
    },
    ...more,
  };
}

/** The variables that go with it. */
export function wellVariables({ room, gatewayToken }: Clinic): Record<string, string> {
  return { CLICKCLACK_BOT_TOKEN: room.bot("scout").token, OPENCLAW_GATEWAY_TOKEN: gatewayToken };
}

/** Something of a test's own that answers at an address of its own. */
export async function serve(answer: RequestListener): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  onTestFinished(close);
  return { url: `http://127.0.0.1:${port}`, close };
}
