import { describe, expect, it } from "vitest";
import { BOT_COMMANDS, commandIn, isAnsweredHere, isAside } from "../../../src/domain/bot-command.ts";

describe("a command to the bot", () => {
  it.each([
    ["/new", { name: "new", rest: "" }],
    ["  /reset  ", { name: "reset", rest: "" }],
    ["/STOP", { name: "stop", rest: "" }],
    ["/new what is a tide?", { name: "new", rest: "what is a tide?" }],
    ["/new: what is\na tide?", { name: "new", rest: "what is\na tide?" }],
    ["@rosie /status", { name: "status", rest: "" }],
    ["@Rosie, /status", { name: "status", rest: "" }],
    ["/status @rosie", { name: "status", rest: "" }],
    ["/new @rosie: hello @ben", { name: "new", rest: "hello @ben" }],
    ["/help me", { name: "help", rest: "me" }],
  ])("is read in %j", (body, given) => {
    expect(commandIn(body, "rosie")).toEqual(given);
  });

  it.each([
    ["status"],
    ["what does /status do?"],
    ["/statusses"],
    ["/status-page"],
    ["//status"],
    ["/ status"],
    ["/model large"],
    ["@other /status"],
    ["/status @other"],
    ["/stop @rosie-x"],
    [""],
  ])("is not seen in %j", (body) => {
    expect(commandIn(body, "rosie")).toBeUndefined();
  });

  it("addressed to somebody is not the command of a bot without a handle", () => {
    expect(commandIn("@x1 /stop", "")).toBeUndefined();
    expect(commandIn("/stop", "")).toEqual({ name: "stop", rest: "" });
  });

  it("that asks for a new session and says something is a question for the agent", () => {
    expect(isAnsweredHere({ name: "new", rest: "hello" })).toBe(false);
    expect(isAnsweredHere({ name: "new", rest: "" })).toBe(true);
    expect(isAnsweredHere({ name: "status", rest: "please" })).toBe(true);
  });

  it("goes past the questions that wait unless it starts a new session", () => {
    expect(BOT_COMMANDS.filter(({ command }) => isAside(command)).map(({ command }) => command)).toEqual([
      "help",
      "status",
      "stop",
    ]);
  });
});

describe("the menu", () => {
  it("fits ClickClack's bounds", () => {
    for (const { command, description, argsHint } of BOT_COMMANDS) {
      expect(command).toMatch(/^[a-z0-9_-]{1,32}$/);
      expect(description.length).toBeGreaterThan(0);
      expect([description.length <= 100, argsHint.length <= 100]).toEqual([true, true]);
    }
  });
});
