/** What a completion's `messages` become before the model sees them. */
export interface Prompt {
  /** All `system` and `developer` texts, joined by blank lines; they are added to OpenClaw's own system prompt. */
  readonly system: string | null;
  /** The current message, with what stands before it flattened into the same text. Empty: there is none. */
  readonly message: string;
  /** The current message alone. */
  readonly text: string;
}

interface Entry {
  readonly role: "user" | "assistant" | "tool";
  readonly sender: string;
  readonly body: string;
}

const IMAGE_ONLY = "User sent image(s) with no text.";

/**
 * Flattens `messages` as OpenClaw does. The last `user` or `tool` message is the current one, or the last of all if
 * there are only assistant messages; what follows it is dropped, what stands before becomes context. `name` is
 * ignored: the sender label of a user is always `User`.
 *
 * @param hasImages whether the last user message carries images, which then stand in for its text
 */
export function buildPrompt(messages: readonly unknown[], hasImages: boolean): Prompt {
  const system: string[] = [];
  const entries: Entry[] = [];
  const lastUser = messages.findLastIndex((message) => roleOf(message) === "user");
  messages.forEach((message, index) => {
    const role = roleOf(message);
    const body = textOf(message) || (hasImages && index === lastUser ? IMAGE_ONLY : "");
    if (!body) return;
    if (role === "system" || role === "developer") system.push(body);
    if (role === "user" || role === "assistant" || role === "tool") {
      entries.push({ role, sender: senderOf(role, message), body });
    }
  });
  return { system: system.length > 0 ? system.join("\n\n") : null, ...currentMessage(entries) };
}

function currentMessage(entries: readonly Entry[]): Pick<Prompt, "message" | "text"> {
  const asked = entries.findLastIndex((entry) => entry.role !== "assistant");
  const index = asked < 0 ? entries.length - 1 : asked;
  const current = entries[index];
  if (!current) return { message: "", text: "" };
  const context = entries.slice(0, index).map((entry) => `${entry.sender}: ${entry.body}`);
  const labelled = `${current.sender}: ${current.body}`;
  if (context.length === 0) {
    return { message: current.role === "tool" ? labelled : current.body, text: current.body };
  }
  const message = [
    "[Chat messages since your last reply - for context]",
    ...context,
    "",
    "[Current message - respond to this]",
    labelled,
  ].join("\n");
  return { message, text: current.body };
}

function senderOf(role: Entry["role"], message: unknown): string {
  if (role !== "tool") return role === "user" ? "User" : "Assistant";
  const id = field(message, "tool_call_id");
  return typeof id === "string" && id ? `Tool:${id}` : "Tool";
}

/** The role of a message, `function` counting as `tool`. */
export function roleOf(message: unknown): string {
  const role = field(message, "role");
  return role === "function" ? "tool" : typeof role === "string" ? role.trim() : "";
}

/** Text parts (`text`, `input_text`) are joined with newlines; other parts count for nothing. */
function textOf(message: unknown): string {
  const content = field(message, "content");
  if (typeof content === "string") return content.trim();
  if (!Array.isArray(content)) return "";
  const parts = content.map((part) =>
    field(part, "type") === "text" || field(part, "type") === "input_text"
      ? field(part, "text")
      : field(part, "input_text"),
  );
  return parts
    .filter((part) => typeof part === "string" && part !== "")
    .join("\n")
    .trim();
}

/** A property of something that may not be an object at all. */
export function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
