export type Group = "configuration" | "ClickClack" | "OpenClaw" | "Worker" | "callbacks" | "round trip";

interface Described {
  id: string;
  group: Group;
  /** What it looks at, in a line. */
  looksAt: string;
}

/** Every check, in the order in which they are shown. docs/doctor.md says more of each. */
export const CHECKS = [
  check("configuration", "document", "the document can be used; its faults"),
  check("configuration", "switched-on", "no switch of the document turns ClickClack off"),
  check("configuration", "secrets", "every variable that the document needs is set, here or at the Worker"),
  check("configuration", "passed-over", "settings that have no effect here"),
  check("configuration", "plugin", "OpenClaw's own plugin would answer as well"),
  check("ClickClack", "address", "baseUrl is https"),
  check("ClickClack", "clickclack", "something answers there, and it is ClickClack"),
  check("ClickClack", "clock", "ClickClack's clock and the one that checks its signatures"),
  check("ClickClack", "token", "ClickClack takes the token; if not, why"),
  check("ClickClack", "scopes", "the token has every scope that the account needs"),
  check("ClickClack", "workspace", "the workspace is the token's"),
  check("ClickClack", "owner", "whose bot it is, and whether they are still there"),
  check("ClickClack", "admission", "who is answered, and where"),
  check("ClickClack", "allow-from", "everyone in allowFrom is a member"),
  check("ClickClack", "default-target", "defaultTo leads somewhere"),
  check("ClickClack", "groups", "every channel in groups is there"),
  check("ClickClack", "events", "the event log can be read"),
  check("ClickClack", "realtime", "a realtime connection is taken"),
  check("ClickClack", "menu", "the command menu is this adapter's"),
  check("OpenClaw", "gateway-address", "gateway.remote.url is https"),
  check("OpenClaw", "gateway", "something answers there, and it is OpenClaw"),
  check("OpenClaw", "trusted-proxies", "the gateway trusts the proxy before it"),
  check("OpenClaw", "gateway-token", "the gateway takes the token"),
  check("OpenClaw", "completions", "the completions endpoint is on"),
  check("OpenClaw", "agent", "the account's agent is there"),
  check("Worker", "worker", "the Worker answers"),
  check("Worker", "api-token", "the Worker takes EDGE_API_TOKEN"),
  check("Worker", "admin-token", "the Worker takes EDGE_ADMIN_TOKEN"),
  check("Worker", "ready", "what /readyz says"),
  check("Worker", "link", "how messages come in to the account"),
  check("Worker", "same-bot", "the Worker's account is the same bot in the same workspace"),
  check("Worker", "agents-reached", "the Worker reaches the gateway"),
  check("Worker", "dead", "messages that were given up"),
  check("callbacks", "callback-address", "ClickClack can call the Worker's address"),
  check("callbacks", "callback-secrets", "there is a secret to check callbacks with"),
  check("callbacks", "callbacks-taken", "which secret callbacks were signed with, and why some were refused"),
  check("callbacks", "subscription", "ClickClack has the subscription, and its calls are taken"),
  check("callbacks", "slash-commands", "ClickClack has slash commands for the account, in its bot's name"),
  check("round trip", "round-trip", "a message to the bot is answered"),
  check("round trip", "round-trip-roads", "every road of the account has brought that message"),
  check("round trip", "round-trip-command", "a slash command is answered"),
  check("round trip", "round-trip-send", "a send through the Worker arrives"),
] as const satisfies readonly Described[];

export type CheckId = (typeof CHECKS)[number]["id"];

const GROUPS = new Map<string, Group>(CHECKS.map(({ id, group }) => [id, group]));

export function groupOf(id: CheckId): Group {
  return GROUPS.get(id) ?? "configuration";
}

function check<const Id extends string>(
  group: Group,
  id: Id,
  looksAt: string,
): { group: Group; id: Id; looksAt: string } {
  return { group, id, looksAt };
}
