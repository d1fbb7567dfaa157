import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { eventCallback, slashCallback } from "../../sandbox/clickclack/callbacks/request.ts";
import type { EventRow } from "../../sandbox/clickclack/store/tables.ts";

interface Recording {
  readonly event_secret: string;
  readonly slash_secret: string;
  readonly callbacks: readonly {
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }[];
}

const FILE = new URL("../fixtures/clickclack/callbacks.json", import.meta.url);
const { event_secret, slash_secret, callbacks } = JSON.parse(readFileSync(FILE, "utf8")) as Recording;
const callback_url = "http://receiver.test/";

/** Returns an event as the stand-in keeps it, made of one as it was told. */
function rowOf(event: Partial<EventRow>): EventRow {
  const absent = { channel_id: "", seq: undefined, mentioned_user_ids: [], recipient_user_ids: [] };
  return { ...absent, ...event } as EventRow;
}

describe("the recorded callbacks come out of the stand-in byte for byte", () => {
  test.for(callbacks.map((callback, at) => [at, callback] as const))("callback %i", ([, recorded]) => {
    const { event, subscription_id, trigger_id, ...payload } = JSON.parse(recorded.body);
    const timestamp = Number(recorded.headers["x-clickclack-timestamp"]);
    const made =
      event === undefined
        ? slashCallback({ callback_url, signing_secret: slash_secret }, payload, trigger_id, timestamp)
        : eventCallback(
            { id: subscription_id, callback_url, signing_secret: event_secret },
            rowOf(event),
            timestamp,
          );
    expect(made.body).toBe(recorded.body);
    const headers = Object.entries(made.headers).map(([name, value]) => [name.toLowerCase(), value]);
    const { "content-length": length, ...rest } = Object.fromEntries(headers);
    expect(rest).toEqual(recorded.headers);
    expect(length).toBe(String(Buffer.byteLength(recorded.body)));
  });

  test("are those of events and of a command", () => {
    expect(new Set(callbacks.map(({ path }) => path))).toEqual(new Set(["/events", "/slash"]));
  });
});
