import * as z from "zod/mini";
import { Event } from "./wire.ts";

/** `X-ClickClack-Timestamp`: Unix seconds as ClickClack writes them, without sign, zeros before or fraction. */
export const TIMESTAMP = /^[1-9][0-9]{0,11}$/;
/** `X-ClickClack-Signature`. */
export const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

/** What ClickClack posts for a durable, public event. Nothing of a direct conversation is ever among them. */
export const EventCallback = z.object({ event: Event });
export type EventCallback = z.infer<typeof EventCallback>;

/** What ClickClack posts when somebody gives a registered slash command in a channel. */
export const CommandCallback = z.object({
  bot_user_id: z.string(),
  channel_id: z.string().check(z.minLength(1)),
  /** With its slash, in lower case. */
  command: z.string(),
  text: z.string(),
  /** Of this one time that it was given. */
  trigger_id: z.string().check(z.regex(/^sci_\S+$/)),
  /** Who gave it. */
  user_id: z.string().check(z.minLength(1)),
  workspace_id: z.string(),
});
export type CommandCallback = z.infer<typeof CommandCallback>;

/**
 * ClickClack's answer to whoever gave the command. It has to be JSON with a body, or they are shown an error; this one is
 * shown to them alone, and nothing is posted.
 */
export interface CommandAnswer {
  response_type: "ephemeral";
  text: string;
}
