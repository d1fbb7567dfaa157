import type { Account, CallbackKind } from "../../src/config/types.ts";
import { type Callback, secretsOf } from "./provision.ts";

/** The line that puts a secret, and under it the value to paste. */
export function putLines(name: string, secrets: readonly string[]): string[] {
  return [`  npx wrangler secret put ${name}`, `    ${secrets.join(",")}`];
}

export const SHOWN_ONCE =
  "They are shown this once and kept nowhere; wrangler asks for the value below each line:";

/** What there is now, and which of it is new. */
export function calls(callbacks: readonly Callback[]): string[] {
  return callbacks.map(({ kind, command, callbackUrl, secret }) => {
    const what = kind === "events" ? "events" : `${command}`;
    return `  ${what.padEnd(12)} → ${callbackUrl}${secret === undefined ? "   (was there)" : ""}`;
  });
}

/** What is to be done with the secrets of a set-up. */
export function secretLines(callbacks: readonly Callback[], name: (kind: CallbackKind) => string): string[] {
  const secrets = secretsOf(callbacks);
  const kinds = (["events", "commands"] as const).filter((kind) => secrets[kind].length > 0);
  if (kinds.length === 0) return [];
  const lines = ["", `Give the Worker the secrets. ${SHOWN_ONCE}`, ""];
  for (const kind of kinds) lines.push(...putLines(name(kind), secrets[kind]));
  const older = callbacks.filter(({ kind, secret }) => kind === "commands" && secret === undefined);
  if (older.length > 0 && secrets.commands.length > 0)
    lines.push(
      "",
      `${name("commands")} has to hold the secrets of ${older.map(({ command }) => command).join(", ")} as well: put them before the new one,`,
      "with commas between. If you do not have them any more, --rotate --only commands gives all new ones.",
    );
  return lines;
}

/** What to set in the document, unless it is set. */
export function inboundLines({ id, inbound }: Account): string[] {
  const setting = `edge.accounts.${id}.inbound`;
  if (inbound !== "realtime") return ["", `${setting} is "${inbound}" already.`];
  return [
    "",
    "Then have the account listen to events, in the document, and deploy:",
    "",
    `  edge: { accounts: { ${JSON.stringify(id)}: { inbound: "callbacks" } } }`,
    "",
    `"callbacks" needs no connection, and a sweep brings direct messages, which ClickClack calls nobody for. "both" keeps`,
    "the connection as well. Slash commands are taken either way.",
  ];
}
