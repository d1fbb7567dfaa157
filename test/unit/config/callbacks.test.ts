import { expect, test } from "vitest";
import { account, BOT, ENV, faultsOf, given } from "./given.ts";

/** How the account `default` takes callbacks, by `edge.accounts.default` and more variables. */
function callbacks(settings: object | undefined, variables: Record<string, string> = {}) {
  const edge = settings === undefined ? undefined : { accounts: { default: settings } };
  const { inbound, callbacks } = account(given(BOT, { env: { ...ENV, ...variables }, edge }));
  const revealed = ({ current, next }: typeof callbacks.events) => ({
    current: current.map((secret) => secret.reveal()),
    next: next.map((secret) => secret.reveal()),
  });
  const { events, commands, faults, acknowledgement } = callbacks;
  return { inbound, events: revealed(events), commands: revealed(commands), faults, acknowledgement };
}

const NONE = { current: [], next: [] };

test("without a word an account is on the realtime connection and takes no callbacks", () => {
  expect(callbacks(undefined)).toEqual({
    inbound: "realtime",
    events: NONE,
    commands: NONE,
    faults: [],
    acknowledgement: expect.stringContaining("Asked"),
  });
});

test("secrets are found under their usual names, those of a rotation as well, and several of them", () => {
  const variables = {
    CLICKCLACK_EVENTS_SECRET: "ccs_1",
    CLICKCLACK_EVENTS_SECRET_NEXT: "ccs_2",
    CLICKCLACK_COMMANDS_SECRET: "ccs_3,ccs_4,",
  };
  expect(callbacks({ inbound: "both", acknowledgement: " Coming up. " }, variables)).toEqual({
    inbound: "both",
    events: { current: ["ccs_1"], next: ["ccs_2"] },
    commands: { current: ["ccs_3", "ccs_4"], next: [] },
    faults: [],
    acknowledgement: "Coming up.",
  });
});

test("the usual names of another account have its id in them", () => {
  const config = given(
    { ...BOT, accounts: { "Night Watch": BOT } },
    { env: { ...ENV, CLICKCLACK_NIGHT_WATCH_EVENTS_SECRET: "ccs_1" } },
  );
  expect(account(config, "night-watch").callbacks.events.current.map((secret) => secret.reveal())).toEqual([
    "ccs_1",
  ]);
});

test.each([{ source: "env", provider: "default", id: "MY_SECRET" }, "${MY_SECRET}", "$MY_SECRET"])(
  "a document may name another secret, whose _NEXT takes over: %j",
  (eventsSecret) => {
    const variables = { MY_SECRET: "ccs_1", MY_SECRET_NEXT: "ccs_2", CLICKCLACK_EVENTS_SECRET: "ccs_other" };
    expect(callbacks({ inbound: "callbacks", eventsSecret }, variables)).toMatchObject({
      events: { current: ["ccs_1"], next: ["ccs_2"] },
      faults: [],
    });
  },
);

test("a missing secret of an account that needs it is a fault that stops nothing else", () => {
  const config = given(BOT, { edge: { accounts: { default: { inbound: "callbacks" } } } });
  const fault = {
    path: "edge.accounts.default.eventsSecret",
    found: "no CLICKCLACK_EVENTS_SECRET, so that no callback is taken",
    mend: "subscribe to events (docs/callbacks.md) and run wrangler secret put CLICKCLACK_EVENTS_SECRET",
  };
  expect(config.faults).toEqual([fault]);
  expect(account(config)).toMatchObject({ faults: [], callbacks: { faults: [fault] } });
});

test("a secret that is named and not there is a fault, and nothing steps in for it", () => {
  const eventsSecret = "$MY_SECRET";
  expect(callbacks({ inbound: "both", eventsSecret }, { CLICKCLACK_EVENTS_SECRET: "ccs_1" })).toMatchObject({
    events: NONE,
    faults: [{ path: "edge.accounts.default.eventsSecret", mend: "run wrangler secret put MY_SECRET" }],
  });
});

test("a variable that holds no secret is a fault as well", () => {
  expect(callbacks({ inbound: "both" }, { CLICKCLACK_EVENTS_SECRET: "," }).faults).toMatchObject([
    {
      path: "edge.accounts.default.eventsSecret",
      found: expect.stringContaining("no CLICKCLACK_EVENTS_SECRET"),
    },
  ]);
  expect(callbacks({}, { CLICKCLACK_COMMANDS_SECRET: "ccs_1, ccs_2" }).faults).toMatchObject([
    { path: "edge.accounts.default.commandsSecret", found: expect.stringContaining("spaces") },
  ]);
});

test("nothing steps in for a source that a Worker has not, the usual name's _NEXT neither", () => {
  const eventsSecret = { source: "file", provider: "x", id: "/etc/secret" };
  const variables = { CLICKCLACK_EVENTS_SECRET: "ccs_1", CLICKCLACK_EVENTS_SECRET_NEXT: "ccs_2" };
  expect(callbacks({ inbound: "both", eventsSecret }, variables)).toMatchObject({
    events: NONE,
    faults: [{ path: "edge.accounts.default.eventsSecret" }],
  });
});

test("a disabled account lacks nothing", () => {
  const edge = { accounts: { default: { inbound: "callbacks" } } };
  expect(given({ ...BOT, enabled: false }, { edge }).faults).toEqual([]);
});

test("settings of an account that is not there, or twice of one, are faults", () => {
  const edge = { accounts: { default: {}, Default: {}, nobody: {} } };
  expect(faultsOf({ channels: { clickclack: BOT }, edge })).toMatchObject([
    { path: "edge.accounts.Default", found: 'the same account id, "default", as default' },
    { path: "edge.accounts.nobody", found: "an account that is not there", mend: "use one of: default" },
  ]);
});

test("other roads than there are, and other keys, are refused with what there is", () => {
  const edge = { accounts: { default: { inbound: "callback", sweepSeconds: 5 } } };
  expect(faultsOf({ channels: { clickclack: BOT }, edge })).toMatchObject([
    { path: "edge.accounts.default.inbound", mend: 'use "realtime", "callbacks" or "both"' },
    { path: "edge.accounts.default.sweepSeconds", found: "an unknown key" },
  ]);
});
