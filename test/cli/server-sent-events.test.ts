import { expect, it } from "vitest";
import { readEvents } from "../../cli/worker/server-sent-events.ts";

const TEXT =
  ': nothing new\n\nid: 7-1\ndata: {"said":"größer"}\n\ndata: {"lines":3}\n\nid: 7-2\ndata: {"never":"ends';

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

it.each([1, 2, 3, 7, 1_000])(
  "reads events that come in pieces of %i bytes, and no half ones",
  async (size) => {
    const events = [];
    for await (const event of readEvents(inPieces(TEXT, size))) events.push(event);
    expect(events).toEqual([{}, { id: "7-1", data: '{"said":"größer"}' }, { data: '{"lines":3}' }]);
  },
);
