import type { Secret } from "../../src/config/secret.ts";
import type { ReplyMode } from "../../src/config/types.ts";

/** What the document is to say. What is undefined stays as it is. */
export interface Wanted {
  /** Normalised. */
  accountId: string;
  baseUrl?: string | undefined;
  workspace?: string | undefined;
  token?: Secret | undefined;
  name?: string | undefined;
  agentId?: string | undefined;
  replyMode?: ReplyMode | undefined;
  defaultTo?: string | undefined;
  allowFrom?: readonly string[] | undefined;
  requireMention?: boolean | undefined;
  gatewayUrl?: string | undefined;
  gatewayToken?: Secret | undefined;
}
