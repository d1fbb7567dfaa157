import { parseEnv } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Host, processHost } from "../../cli/host.ts";
import { outputFor } from "../../cli/output.ts";
import { Problem } from "../../cli/problem.ts";
import type { Asker } from "../../cli/setup/asker.ts";
import type { RawFlags } from "../../cli/setup/flags.ts";
import { REAL_LOOKUPS } from "../../cli/setup/interview.ts";
import { setup } from "../../cli/setup/run.ts";
import { type Clone, type SetupStage, setSetupStage } from "./setup-stage.ts";

const HOST = processHost();
let stage: SetupStage;
let many: SetupStage;
beforeAll(async () => {
  [stage, many] = await Promise.all([setSetupStage(), setSetupStage(["scout", "sage"])]);
});
afterAll(() => Promise.all([stage.stop(), many.stop()]));

/** What is answered, by the beginning of the question. Answers that are complained about come before the good one. */
type Answers = Record<string, string | boolean | readonly string[]>;

/** Somebody at a terminal who answers as told, and breaks off at a question that was not expected. */
class Person implements Asker {
  readonly asked: string[] = [];
  readonly complaints: string[] = [];
  readonly #answers: Answers;

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  async text({ message, complain }: Parameters<Asker["text"]>[0]): Promise<string> {
    const given = this.#answer(message);
    for (const answer of [given].flat().map(String)) {
      const complaint = complain(answer);
      if (complaint === undefined) return answer;
      this.complaints.push(complaint);
    }
    throw new Error(`no answer to "${message}" was good enough: ${this.complaints.at(-1)}`);
  }

  secret(question: Parameters<Asker["secret"]>[0]): Promise<string> {
    return this.text(question);
  }

  async choose<Value extends string>(message: string, choices: readonly { value: Value }[]): Promise<Value> {
    const answer = this.#answer(message);
    const found = choices.find(({ value }) => value === answer);
    if (found === undefined)
      throw new Error(
        `"${message}" offers ${choices.map(({ value }) => value).join(", ")} and not ${answer}`,
      );
    return found.value;
  }

  async confirm(message: string): Promise<boolean> {
    return this.#answer(message) === true;
  }

  #answer(message: string): Answers[string] {
    this.asked.push(message);
    const key = Object.keys(this.#answers).find((beginning) => message.startsWith(beginning));
    if (key === undefined) throw new Problem("setup was broken off");
    return this.#answers[key] ?? false;
  }
}

async function talk(clone: Clone, person: Person, flags: Partial<RawFlags> = {}, env: Host["env"] = {}) {
  const said = { out: "", err: "" };
  const host: Host = {
    ...HOST,
    cwd: clone.folder,
    env,
    isInteractive: true,
    columns: 80,
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
  };
  const tools = { asker: async () => person, lookups: REAL_LOOKUPS };
  const exit = await setup(host, outputFor(host, false), { check: true, ...flags }, tools).catch(
    (error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      return `${error.exit}: ${error.message}`;
    },
  );
  return { exit, ...said };
}

describe("asked by setup", () => {
  test("a newcomer with a code gets a bot that can answer", async () => {
    const clone = await stage.clone();
    const person = new Person({
      "How does the bot get in?": "code",
      "The setup code": ["ABCD", `${stage.clickclack}/#${await stage.mint("scout")}`],
      "Where is the OpenClaw gateway?": ["here", stage.gateway],
      "The gateway's token": stage.gatewayToken,
      "How are answers made?": "model",
      "Answer in channels only when mentioned?": true,
      "Where do the secrets go?": "dev-vars",
      "Write this to": true,
    });
    const { exit, out } = await talk(clone, person);
    expect(exit, out).toBe(0);
    expect(person.complaints).toEqual([
      expect.stringContaining("a code without its address needs"),
      expect.stringContaining("that is a text that is no URL"),
    ]);
    expect(person.asked).toHaveLength(8);
    expect(await clone.document()).toContain('replyMode: "model"');
    expect(await clone.document()).toContain("requireMention: true");
    expect(parseEnv(await clone.secrets())).toMatchObject({ OPENCLAW_GATEWAY_TOKEN: stage.gatewayToken });
    // What was shown to be agreed to is not shown again.
    expect(out.match(/\+ {7}replyMode: "model"/g)).toHaveLength(1);
  });

  test("with a token the workspace is found, and the agent is chosen from those that there are", async () => {
    const clone = await many.clone();
    const person = new Person({
      "How does the bot get in?": "token",
      "Where do people open ClickClack?": many.clickclack,
      "The bot's token": ["sst_01m8909stf0qc92a2ttadjcy3w", many.room.bot("sage").token],
      "Where is the OpenClaw gateway?": many.gateway,
      "The gateway's token": many.gatewayToken,
      "Which agent answers?": "sage",
      "How are answers made?": "agent",
      "Answer in channels only when mentioned?": false,
      "Where do the secrets go?": "dev-vars",
      "Write this to": true,
    });
    const { exit, out } = await talk(clone, person);
    expect(exit, out).toBe(0);
    expect(person.complaints).toEqual([
      "that is a person's session token; give the bot's, which begins with ccb_",
    ]);
    expect(await clone.document()).toContain('workspace: "harbour"');
    expect(await clone.document()).toContain('agentId: "sage"');
  });

  test("what flags say is not asked", async () => {
    const clone = await stage.clone();
    const person = new Person({ "Write this to": true });
    const flags = {
      baseUrl: stage.clickclack,
      workspace: "harbour",
      token: stage.room.bot("scout").token,
      gatewayUrl: stage.gateway,
      gatewayToken: stage.gatewayToken,
    };
    expect((await talk(clone, person, flags)).exit).toBe(0);
    expect(person.asked).toEqual([expect.stringMatching(/^Write this to .*openclaw\.json5\?$/)]);
    expect((await talk(clone, new Person({}), { gatewayUrl: stage.gateway })).exit).toBe(0);
    // Whoever says nothing is asked, also where there is nothing to agree to.
    const again = new Person({
      "Which bot is it about?": "default",
      "How does the bot get in?": "keep",
      "Where do the secrets go?": "dev-vars",
    });
    expect((await talk(clone, again)).exit).toBe(0);
    expect(again.asked).toHaveLength(3);
  });

  test("one more bot is made beside the first", async () => {
    const clone = await stage.clone();
    const source = { baseUrl: stage.clickclack, workspace: "harbour" };
    const env = { OPENCLAW_GATEWAY_URL: stage.gateway, OPENCLAW_GATEWAY_TOKEN: stage.gatewayToken };
    await talk(clone, new Person({}), { ...source, token: stage.room.bot("scout").token, yes: true }, env);
    const person = new Person({
      "Which bot is it about?": "+",
      "A short name for it": ["  ", "Sage Bot"],
      "How does the bot get in?": "code",
      "The setup code": (await stage.mint("sage")).toLowerCase(),
      "Where do people open ClickClack?": stage.clickclack,
      "How are answers made?": "agent",
      "Answer in channels only when mentioned?": false,
      "Where do the secrets go?": "dev-vars",
      "Write this to": true,
    });
    const { exit, out } = await talk(clone, person, {}, env);
    expect(exit, out).toBe(0);
    expect(out).toContain("connected as @sage (Sage), the bot of @ada (Ada)");
    expect(Object.keys(parseEnv(await clone.secrets())).sort()).toEqual([
      "CLICKCLACK_BOT_TOKEN",
      "CLICKCLACK_SAGE_BOT_BOT_TOKEN",
      "OPENCLAW_GATEWAY_TOKEN",
      "OPENCLAW_GATEWAY_URL",
    ]);
  });

  test("whoever breaks off has changed nothing", async () => {
    const clone = await stage.clone();
    const before = await clone.document();
    const person = new Person({ "How does the bot get in?": "token" });
    expect((await talk(clone, person)).exit).toContain("setup was broken off");
    expect([await clone.document(), await clone.secrets()]).toEqual([before, ""]);
  });

  test("whoever does not agree after the claim still has the token", async () => {
    const clone = await stage.clone();
    const before = await clone.document();
    const code = `${stage.clickclack}/#${await stage.mint("scout")}`;
    const person = new Person({ "Write this to": false });
    const flags = { code, gatewayUrl: stage.gateway, gatewayToken: stage.gatewayToken };
    const { exit, err } = await talk(clone, person, flags);
    expect(exit).toBe("1: the document is left as it was");
    expect(err).toContain("as CLICKCLACK_BOT_TOKEN");
    expect(await clone.document()).toBe(before);
    expect(parseEnv(await clone.secrets())).toEqual({
      CLICKCLACK_BOT_TOKEN: expect.stringMatching(/^ccb_/),
    });
  });
});
