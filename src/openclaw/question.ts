/** A piece of a message. OpenClaw takes images as data URIs, of the last message only. */
export type ContentPart = { type: "text"; text: string } | { type: "image_url"; image_url: { url: string } };

/** One message of a completion request. OpenClaw ignores `name`: who speaks stands in the text. */
export interface ChatMessage {
  role: "system" | "user" | "assistant";
  content: string | ContentPart[];
}

/** One completion to make. Plain data, because it crosses RPC. */
export interface Question {
  /** Always named: with several agents on the gateway, its default is an error. */
  agentId: string;
  /** The session of agent mode; absent for a stateless completion. */
  sessionKey?: string;
  /** Backend model for this completion only. */
  model?: string;
  messages: ChatMessage[];
  /** Of the event that it follows from. OpenClaw has no use for it, but what is between us logs it. */
  correlationId?: string | undefined;
}
