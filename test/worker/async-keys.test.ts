import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { RETRY_AFTER_MAX_MS } from "../../src/limits.ts";
import { clickclackOf } from "../support/control.ts";
import { passTime } from "../support/time.ts";
import { until } from "../support/wait.ts";
import { postMessage, sendState, worldOf } from "../support/world.ts";

const world = worldOf("keys");
const clickclack = clickclackOf(world.bot.id);
const EDGE_FAILS = { kind: "status", status: 503, headers: { "retry-after": "300" } };
const LATER = { prefer: "respond-async" };

afterEach(() => clickclack.clearFaults());
afterAll(() => abortAllDurableObjects());

async function send(key: string, body: object, headers: Record<string, string> = {}) {
  const response = await postMessage({ account: "keys", ...body }, { "idempotency-key": key, ...headers });
  const answer = (await response.json()) as Record<string, string>;
  return { status: response.status, applied: response.headers.get("preference-applied"), answer };
}

async function ended(id: string | undefined) {
  await until(async () => {
    await passTime("keys", RETRY_AFTER_MAX_MS);
    return (await sendState(id ?? "")).state !== "pending";
  });
  return sendState(id ?? "");
}

const times = async (text: string) =>
  (await world.room.inChannel(world.ada, world.general)).filter(({ body }) => body === text).length;
/** Posts to the channel fail from now on. */
const outage = () => clickclack.fault("POST", "/messages$", EDGE_FAILS, 1000);

describe("an Idempotency-Key of a send in the background", () => {
  it("gives the same id and the present state to the same request", async () => {
    await outage();
    const body = { text: "asked for again" };
    const first = await send("again", body, LATER);
    const second = await send("again", body, LATER);
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.answer).toEqual(first.answer);
    await clickclack.clearFaults();
    const { messageId } = await ended(first.answer.id);
    const third = await send("again", body, LATER);
    expect([third.status, third.applied]).toEqual([200, null]);
    expect(third.answer).toEqual({ ...first.answer, state: "sent", messageId });
    expect(await times(body.text)).toBe(1);
  });

  it("is refused with another request, pending or sent, waited for or not", async () => {
    await outage();
    const { answer } = await send("taken", { text: "first" }, LATER);
    const other = { text: "second" };
    const whilePending = [await send("taken", other, LATER), await send("taken", other)];
    await clickclack.clearFaults();
    await ended(answer.id);
    const onceSent = [await send("taken", other, LATER), await send("taken", other)];
    for (const { status, answer: refusal } of [...whilePending, ...onceSent])
      expect([status, refusal.code]).toEqual([409, "idempotency_key_reused"]);
    expect(await times("second")).toBe(0);
  });

  it("is answered with 202 to a caller who would wait, while it is pending, and with 200 once sent", async () => {
    await outage();
    const body = { text: "pending for both" };
    const first = await send("both", body, LATER);
    const waiting = await send("both", body);
    expect([waiting.status, waiting.applied]).toEqual([202, null]);
    expect(waiting.answer).toEqual(first.answer);
    await clickclack.clearFaults();
    await ended(first.answer.id);
    expect((await send("both", body)).status).toBe(200);
    expect(await times(body.text)).toBe(1);
  });

  it("that was sent while its caller waited gives 200", async () => {
    const body = { text: "sent before" };
    const first = await send("sent", body);
    const second = await send("sent", body, LATER);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.answer).toEqual(first.answer);
  });

  it("takes over a send whose caller was told that nobody knows what became of it", async () => {
    await clickclack.fault("POST", "/messages$", { kind: "drop_after_commit" });
    await clickclack.fault("GET", "/by-nonce$", { kind: "status", status: 503 });
    const body = { text: "nobody knows" };
    expect((await send("unknown", body)).status).toBe(503);
    const second = await send("unknown", body, LATER);
    expect(second.status).toBe(202);
    expect((await ended(second.answer.id)).state).toBe("sent");
    expect(await times(body.text)).toBe(1);
  });

  it("keeps what it put into the background when the one that is waited for is refused", async () => {
    await clickclack.fault("POST", "/messages$", { kind: "delay", ms: 300 });
    const seen = (await clickclack.calls("POST", "/messages$")).length;
    const body = { text: "refused twice", replyTo: "msg_0" };
    const waited = send("kept", body);
    await until(async () => (await clickclack.calls("POST", "/messages$")).length > seen);
    const later = await send("kept", body, LATER);
    expect([(await waited).status, later.status]).toEqual([400, 202]);
    expect(await ended(later.answer.id)).toMatchObject({ state: "failed", code: "invalid_request" });
  });

  it.each(["waited for", "in the background"])("is free again after a failure (%s)", async (how) => {
    const key = `free ${how}`;
    const headers = how === "waited for" ? {} : LATER;
    const failed = await send(key, { to: "nowhere", text: "x" }, LATER);
    expect((await ended(failed.answer.id)).code).toBe("channel_not_found");
    const next = await send(key, { text: `after a failure, ${how}` }, headers);
    expect(next.status).toBe(how === "waited for" ? 201 : 202);
    expect(next.answer.id).toBe(failed.answer.id);
    expect(await ended(next.answer.id)).toMatchObject({ state: "sent", to: "channel:general" });
    expect(await sendState(next.answer.id ?? "")).not.toHaveProperty("code");
  });

  it.each(["waited for", "in the background"])(
    "finds what was posted after all when the same is asked for after it was given up (%s)",
    async (how) => {
      await clickclack.fault("POST", "/messages$", { kind: "drop_after_commit" });
      await clickclack.fault("GET", "/by-nonce$", { kind: "status", status: 503 }, 1000);
      const body = { text: `given up, ${how}` };
      const key = `given up ${how}`;
      const first = await send(key, body, LATER);
      expect(await ended(first.answer.id)).toMatchObject({ state: "failed", code: "clickclack_unavailable" });
      await clickclack.clearFaults();
      // Whatever would refuse the repeat now.
      await clickclack.fault("POST", "/messages$", {
        kind: "status",
        status: 403,
        body: { error: "moderation restriction" },
      });
      const again = await send(key, body, how === "waited for" ? {} : LATER);
      expect(again.status).toBe(how === "waited for" ? 201 : 202);
      const sent = await ended(again.answer.id);
      expect(sent.state).toBe("sent");
      expect(sent).not.toHaveProperty("code");
      expect(await times(body.text)).toBe(1);
    },
  );

  it("makes one send of two requests at once", async () => {
    const body = { text: "two at once" };
    const twins = await Promise.all([send("twins", body, LATER), send("twins", body, LATER)]);
    expect(twins[0]?.answer.id).toBe(twins[1]?.answer.id);
    await ended(twins[0]?.answer.id);
    expect(await times(body.text)).toBe(1);
  });

  it("makes one send of one that is waited for and one that is not", async () => {
    // The target is looked up while the other one comes.
    await clickclack.fault("GET", "/channels$", { kind: "delay", ms: 300 });
    const body = { text: "one of each" };
    const waited = send("each", body);
    await until(async () => (await clickclack.calls("GET", "/channels$")).length > 0);
    const later = await send("each", body, LATER);
    expect(later.status).toBe(202);
    expect([200, 201, 202]).toContain((await waited).status);
    expect((await ended(later.answer.id)).state).toBe("sent");
    expect(await times(body.text)).toBe(1);
  });

  it("lets one of two different requests pass, whichever is stored first", async () => {
    await clickclack.fault("GET", "/channels$", { kind: "delay", ms: 300 });
    const seen = (await clickclack.calls("GET", "/channels$")).length;
    const waited = send("race", { text: "slow to look up" });
    await until(async () => (await clickclack.calls("GET", "/channels$")).length > seen);
    const later = await send("race", { text: "stored first" }, LATER);
    expect(later.status).toBe(202);
    expect((await waited).answer.code).toBe("idempotency_key_reused");
    await ended(later.answer.id);
    expect([await times("slow to look up"), await times("stored first")]).toEqual([0, 1]);
  });
});
