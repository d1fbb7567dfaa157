import { expect, test } from "vitest";
import { keysAt } from "../../../src/config/check.ts";
import { BOT, ENV, faultsOf, nest, PLACE, reportsOf } from "./given.ts";

/** One as tokens look, one that could pass for a variable's name, one that is a number. */
const SECRETS = ["ccb_9f8e7d", "TOKEN_9F8E7D", 9876543210];

/** Places below which the schema takes any key. */
const RECORDS = [
  "channels.clickclack.accounts.peter",
  "channels.clickclack.groups.chn_1",
  "channels.clickclack.accounts.peter.groups.chn_1",
  "secrets.providers.vault",
  "agents.entries.rosie",
  "edge.accounts.peter",
];

/** Every place of the document that the schema looks at. */
const PLACES = ["", ...RECORDS].flatMap((place) => placesBelow(place));

function placesBelow(place: string): string[] {
  const keys = keysAt(place === "" ? [] : place.split("."));
  return keys
    .map((key) => (place === "" ? key : `${place}.${key}`))
    .flatMap((key) => [key, ...placesBelow(key)]);
}

/** The secret where it does not belong, as an operator may have put it there. */
function slips(secret: string | number): unknown[] {
  const reference = { source: "env", provider: "default", id: "SOME_TOKEN" };
  return [
    secret,
    [secret],
    [[secret]],
    { value: secret },
    { ...reference, value: secret },
    { ...reference, source: secret },
    { ...reference, provider: secret },
    { ...reference, id: secret },
    { ...reference, id: "${LEAK}" },
    { ...reference, provider: "${LEAK}" },
    "${LEAK}",
    "https://${LEAK}@chat.example.com",
    `https://chat.example.com/?${secret}`,
    `${secret}:chat`,
    `Bearer ${secret} \${NOT_SET}`,
    [`(${secret}`, "(${LEAK}"],
  ];
}

/** A number is shown where a number belongs, and a name where it can be one. */
function isShown(place: string, value: unknown, secret: string | number): boolean {
  if (typeof value === "number") return /(Ms|Mb|Limit|Window|Seconds)$/.test(place);
  const { source, provider, id } = value as Record<string, unknown>;
  const isProvider = provider === secret && /^[a-z][a-z0-9_-]*$/.test(`${secret}`);
  const isVariable = id === secret && /^[A-Z][A-Z0-9_]*$/.test(`${secret}`);
  return source === "env" && (isProvider || isVariable);
}

test("no place of the document lets a secret into a fault or a warning", () => {
  expect(PLACES.length).toBeGreaterThan(150);
  let faulty = 0;
  for (const secret of SECRETS) {
    for (const place of PLACES) {
      for (const value of slips(secret)) {
        if (isShown(place, value, secret)) continue;
        const faults = JSON.stringify(reportsOf(nest(place, value), { ...ENV, LEAK: String(secret) }));
        if (faults !== "[]") faulty++;
        if (faults.includes(String(secret)))
          throw new Error(`${place} = ${JSON.stringify(value)}: ${faults}`);
      }
    }
  }
  expect(faulty).toBeGreaterThan(1000);
});

test("no syntax error lets a secret into a fault, wherever the text breaks off", () => {
  const text = JSON.stringify({ channels: { clickclack: { ...BOT, token: "ccb_9f8e7d" } } });
  for (let end = 0; end < text.length; end++) {
    for (const broken of [text.slice(0, end), `${text.slice(0, end)}~${text.slice(end)}`]) {
      const faults = JSON.stringify(faultsOf(broken, {}));
      expect(faults).not.toContain("9f8e");
    }
  }
});

test("a key beside the right one does not show its value", () => {
  const clickclack = { ...PLACE, tokne: "ccb_9f8e7d", accounts: { peter: { Token: "ccb_9f8e7d" } } };
  const faults = faultsOf({ channels: { clickclack } });
  expect(faults.map(({ mend }) => mend).slice(0, 2)).toEqual([
    "did you mean token? Otherwise remove it",
    "did you mean token? Otherwise remove it",
  ]);
  expect(JSON.stringify(faults)).not.toContain("9f8e");
});
