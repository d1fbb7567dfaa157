import { abortAllDurableObjects } from "cloudflare:test";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deliverEvent, loggedEvent } from "../support/callbacks.ts";
import { gatewayOf } from "../support/control.ts";
import { storiesOf } from "../support/stories.ts";
import { until } from "../support/wait.ts";
import { worldOf } from "../support/world.ts";

afterAll(() => abortAllDurableObjects());

/** The smallest PNG that has a picture in it. */
const PNG = Uint8Array.from(
  atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="),
  (char) => char.charCodeAt(0),
);
const picture = { filename: "pier.png", contentType: "image/png", bytes: PNG };

describe.each(["fileworld", "filescalled"])("files of a message, to %s", (account) => {
  const world = worldOf(account);
  const { room, ada, general } = world;
  const gateway = gatewayOf(account);
  const { untilState } = storiesOf(account);
  beforeAll(() => world.link());

  const lastAsked = async (text: string) =>
    (await gateway.asked()).filter(({ body }) => JSON.stringify(body.messages.at(-1)).includes(text));

  it("that come a moment after it, as the web client attaches them, reach the agent, and one answer is given", async () => {
    const held = await gateway.hold("what is in the picture");
    const question = await room.say(ada, general, "what is in the picture");
    if (account === "filescalled") await deliverEvent(account, await loggedEvent(world, question));
    await until(async () => (await lastAsked("what is in the picture")).length === 1);
    await room.attach(ada, question, picture);
    await until(async () => (await lastAsked("what is in the picture")).length === 2);
    await held.release();
    await untilState(question, "answered");
    expect(await world.answersTo(question)).toHaveLength(1);
    const [without, withPicture] = await lastAsked("what is in the picture");
    expect(without?.state).toBe("cancelled");
    const content = withPicture?.body.messages.at(-1)?.content as unknown as { type: string }[];
    expect(content.map(({ type }) => type)).toEqual(["text", "image_url"]);
    expect(JSON.stringify(content)).toContain("data:image/png;base64,iVBORw0KGgo");
  });
});
