import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SIGN_AFTER_MS } from "../../src/limits.ts";
import { callBack, commandOf, loggedEvent } from "../support/callbacks.ts";
import { clickclackOf, gatewayOf } from "../support/control.ts";
import { storiesOf } from "../support/stories.ts";
import { until } from "../support/wait.ts";
import { type World, worldOf } from "../support/world.ts";

afterAll(() => abortAllDurableObjects());

/** What the link asks for by itself, whatever is said meanwhile. */
const LINKS_OWN = /^\/api\/(me|workspaces|realtime\/(events|ws))$/;

/** What a bot asked ClickClack about messages so far, by whose correlation id. */
async function requestsOf(world: World) {
  const clickclack = clickclackOf(world.bot.id);
  const calls = await Promise.all(["GET", "POST"].map((method) => clickclack.calls(method, "/")));
  return calls
    .flat()
    .filter(({ path }) => !LINKS_OWN.test(path))
    .map(({ method, path, headers, body }) => ({
      what: `${method} ${path.replace(/\/[a-z]+_[^/]+/g, "/*")}${body?.type ? ` ${body.type}` : ""}`,
      id: headers["x-correlation-id"],
    }));
}

function signsOf(requests: { what: string }[]): string[] {
  return requests.map(({ what }) => what).filter((what) => what.includes("typing."));
}

/** Waits until everything is done about a message whose answer takes long enough for a sign. @returns the requests to ClickClack that bear its event's id */
async function followedFrom(account: string, message: string) {
  const world = worldOf(account);
  await storiesOf(account).untilState(message, "answered");
  const id = String((await loggedEvent(world, message)).payload.correlation_id);
  const own = async () => (await requestsOf(world)).filter((request) => request.id === id);
  await until(
    async () =>
      signsOf(await own())
        .at(-1)
        ?.endsWith("typing.stopped") === true,
  );
  return { id, requests: [...new Set((await own()).map(({ what }) => what))].sort() };
}

describe("every request that follows from a message bears the correlation id of its event", () => {
  it("in model mode, with its history, its names, and with a post that has to be looked for", async () => {
    const world = worldOf("correlated");
    await world.link();
    await gatewayOf("correlated").reply("who asked", { text: "You.", delayMs: 2 * SIGN_AFTER_MS });
    await clickclackOf(world.bot.id).fault("POST", "/messages$", { kind: "drop_after_commit" });
    const question = await world.room.say(world.otherBot, world.general, "who asked");
    const { id, requests } = await followedFrom("correlated", question);
    expect(requests).toEqual([
      "GET /api/channels/*/messages",
      "GET /api/messages/*",
      "GET /api/messages/by-nonce",
      "GET /api/workspaces/*/channels",
      "GET /api/workspaces/*/members",
      "POST /api/channels/*/messages",
      "POST /api/realtime/ephemeral typing.started",
      "POST /api/realtime/ephemeral typing.stopped",
    ]);
    expect((await requestsOf(world)).filter((request) => request.id !== id)).toEqual([]);
    const asked = await gatewayOf("correlated").asked();
    expect(asked.map(({ headers }) => headers["x-correlation-id"])).toEqual([id]);
  });

  describe("in agent mode", () => {
    const world = worldOf("correlatedagent");
    const gateway = gatewayOf("correlatedagent");
    beforeAll(() => world.link());

    it("with a direct conversation that is looked up, and a run whose stream was lost", async () => {
      await gateway.reply("where was I", { error: "cut", delayMs: 2 * SIGN_AFTER_MS }, 1);
      const dm = await world.room.openDm(world.ada, world.bot);
      const question = await world.room.sayInDm(world.ada, dm, "where was I");
      const { id, requests } = await followedFrom("correlatedagent", question);
      expect(requests).toEqual([
        "GET /api/dms/*",
        "GET /api/messages/*",
        "POST /api/dms/*/messages",
        "POST /api/realtime/ephemeral typing.started",
        "POST /api/realtime/ephemeral typing.stopped",
      ]);
      expect((await requestsOf(world)).filter((request) => request.id !== id)).toEqual([]);
      const atGateway = [...(await gateway.asked()), ...(await gateway.looked())];
      expect(atGateway.map(({ headers }) => headers["x-correlation-id"])).toEqual([id, id, id]);
    });

    it("with a file that came a moment after it", async () => {
      const held = await gateway.hold("look at this");
      const question = await world.room.say(world.ada, world.general, "look at this");
      const asked = async () =>
        (await gateway.asked()).filter(({ body }) =>
          JSON.stringify(body.messages.at(-1)).includes("look at this"),
        );
      await until(async () => (await asked()).length === 1);
      const file = { filename: "notes.txt", contentType: "text/plain", bytes: new Uint8Array([104, 105]) };
      await world.room.attach(world.ada, question, file);
      await until(async () => (await asked()).length === 2);
      await until(
        async () =>
          signsOf(await requestsOf(world))
            .at(-1)
            ?.endsWith("started") === true,
      );
      await held.release();

      const { id, requests } = await followedFrom("correlatedagent", question);
      expect(requests).toContain("GET /api/uploads/*");
      expect((await requestsOf(world)).filter((request) => request.id === undefined)).toEqual([]);
      expect((await asked()).map(({ headers }) => headers["x-correlation-id"])).toEqual([id, id]);
    });

    it("with a command that is carried out here", async () => {
      const dm = await world.room.openDm(world.ada, world.bot, world.ben);
      const command = await world.room.sayInDm(world.ada, dm, "/status");
      await storiesOf("correlatedagent").untilState(command, "answered");
      const { correlation_id: id } = (await loggedEvent(world, command)).payload;
      const own = (await requestsOf(world)).filter((request) => request.id === id);
      expect(own.map(({ what }) => what).sort()).toEqual([
        "GET /api/dms/*",
        "GET /api/messages/*",
        "POST /api/dms/*/messages",
      ]);
    });

    it("but a slash command has no event that it could follow from", async () => {
      const command = commandOf(world, "on nobody's account");
      const others = async () => (await requestsOf(world)).filter(({ id }) => id !== undefined);
      const before = await others();
      await callBack("correlatedagent", "commands", JSON.stringify(command));
      await storiesOf("correlatedagent").untilState(command.trigger_id, "answered");

      const own = (await requestsOf(world)).filter(({ id }) => id === undefined);
      expect(own.map(({ what }) => what)).toContain("POST /api/channels/*/messages");
      expect(await others()).toEqual(before);
      const [asked] = await gateway.askedAbout("on nobody's account");
      expect(asked?.headers).not.toHaveProperty("x-correlation-id");
    });
  });
});
