import { readFile } from "node:fs/promises";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { describeApi } from "../../openapi/document.ts";
import { CODES } from "../../openapi/problems.ts";
import { STATUS } from "../../src/http/problem.ts";
import { DESCRIBED, faultsOf, operationOf } from "../support/description.ts";

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");

describe("the description of the API", () => {
  it("is current: npm run openapi writes it", async () => {
    const { version } = JSON.parse(await read("package.json")) as { version: string };
    expect(JSON.parse(await read("public/openapi.json"))).toEqual(
      JSON.parse(JSON.stringify(describeApi(version))),
    );
  });

  it("is OpenAPI", async () => {
    const validator = new Validator();
    const result = await validator.validate(JSON.parse(await read("public/openapi.json")));
    expect(result).toEqual({ valid: true });
    expect(validator.version).toBe("3.1");
  });

  it("has every error code, at an operation and with its status", () => {
    const said = DESCRIBED.flatMap(({ responses }) =>
      Object.entries(responses).flatMap(([status, { description }]) =>
        [...description.matchAll(/^`(\w+)`:/gm)].map(([, code]) => `${code} ${status}`),
      ),
    );
    // What answers where there is no operation.
    const described = new Set([...said, "not_found 404"]);
    expect([...described].sort()).toEqual(
      Object.entries(STATUS)
        .map(([code, status]) => `${code} ${status}`)
        .sort(),
    );
    expect([...CODES].sort()).toEqual(Object.keys(STATUS).sort());
  });
});

describe("an example of", () => {
  const bodies = DESCRIBED.flatMap(({ operationId, requestBody, responses }) => [
    ...Object.values(requestBody?.content ?? {}).map(
      (content) => [`${operationId}'s request`, content, false] as const,
    ),
    ...Object.entries(responses).flatMap(([status, { content = {} }]) =>
      Object.values(content).map((one) => [`${operationId}'s ${status}`, one, true] as const),
    ),
  ]);

  it.each(bodies)("%s is as it is described", (_name, { schema, example, examples = {} }, isAnswer) => {
    const given = [
      ...(example === undefined ? [] : [example]),
      ...Object.values(examples).map(({ value }) => value),
    ];
    expect(given.flatMap((one) => faultsOf(schema, one, isAnswer))).toEqual([]);
  });

  const parameters = DESCRIBED.flatMap(({ operationId, parameters: all = [] }) =>
    all.map((one) => [`${operationId}'s ${one.name}`, one] as const),
  );
  it.each(parameters)("%s is as it is described", (_name, { schema, example }) => {
    expect(faultsOf(schema, example)).toEqual([]);
  });
});

describe("docs/api.md", () => {
  it("calls every operation", async () => {
    const called = callsIn(await read("docs/api.md")).map(([method, path]) => operationOf(method, path));
    expect(called.map((operation) => operation?.operationId)).not.toContain(undefined);
    expect(
      DESCRIBED.filter((operation) => !called.includes(operation)).map(({ operationId }) => operationId),
    ).toEqual([]);
  });

  it("has every error code, with its status", async () => {
    const text = await read("docs/api.md");
    const isThere = ([code, status]: [string, number]) =>
      new RegExp(`^\\|[^|]*\`${code}\`[^|]*\\| ${status} \\|`, "m").test(text);
    expect(Object.entries(STATUS).filter((entry) => !isThere(entry))).toEqual([]);
  });
});

/** The requests that a page makes with curl, as method and path. */
function callsIn(markdown: string): (readonly [method: string, path: string])[] {
  const shell = [...markdown.matchAll(/^```sh\n(.*?)^```/gms)].map(([, lines = ""]) => lines);
  const commands = shell.flatMap((lines) =>
    lines.split(/^(?=curl )/m).filter((line) => line.startsWith("curl ")),
  );
  return commands.map((command) => {
    const path = /\$EDGE(\/\S*)/.exec(command)?.[1] ?? "";
    return [/ -(?:X POST|d) ?/.test(command) ? "POST" : "GET", path] as const;
  });
}
