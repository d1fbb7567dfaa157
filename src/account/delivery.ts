import { ClickClackError } from "../clickclack/errors.ts";
import { errorText } from "../observe/redact.ts";
import type { AccountContext } from "./context.ts";
import type { OutboxItem } from "./outbox.ts";

/** How a post went: there for good, worth another try under the same nonce, or refused for good. */
export type Delivery =
  | { kind: "sent"; messageId: string }
  | { kind: "retry"; error: string; retryAfterMs?: number | undefined }
  | { kind: "refused"; error: ClickClackError };

/**
 * Posts a stored text under its nonce, once. ClickClack answers a repeat with the message that it already has; where it
 * sees another message under the nonce, ours was posted and edited since, and by-nonce names it. The quote is given up
 * when the message quoted is gone.
 *
 * @param item as stored; nothing is written to the outbox but a quote that was given up and a failure
 */
export async function deliver(
  context: AccountContext,
  workspaceId: string,
  item: OutboxItem,
  correlationId?: string,
): Promise<Delivery> {
  try {
    return { kind: "sent", messageId: await post(context, item, correlationId) };
  } catch (error) {
    if (!(error instanceof ClickClackError)) throw error;
    if (error.failure === "nonce_conflict") return settleConflict(context, workspaceId, item, error);
    return failed(context, item, error);
  }
}

async function post(
  context: AccountContext,
  item: OutboxItem,
  correlationId: string | undefined,
): Promise<string> {
  const content = { body: item.text, nonce: item.nonce };
  try {
    return await context.client.post(item.place, { ...content, quotedMessageId: item.quote }, correlationId);
  } catch (error) {
    const quoteRefused = error instanceof ClickClackError && error.failure === "quote_refused";
    // A caller who asked for the quote hears of it; under a reply it is an ornament.
    if (!quoteRefused || item.request !== undefined) throw error;
    context.outbox.dropQuote(item.nonce);
    return context.client.post(item.place, content, correlationId);
  }
}

async function settleConflict(
  context: AccountContext,
  workspaceId: string,
  item: OutboxItem,
  conflict: ClickClackError,
): Promise<Delivery> {
  try {
    const posted = await context.client.messageByNonce(workspaceId, item.nonce);
    return posted === undefined
      ? { kind: "refused", error: conflict }
      : { kind: "sent", messageId: posted.id };
  } catch (error) {
    if (!(error instanceof ClickClackError)) throw error;
    return failed(context, item, error);
  }
}

function failed(context: AccountContext, item: OutboxItem, error: ClickClackError): Delivery {
  if (!error.retryable) return { kind: "refused", error };
  context.outbox.failedOnce(item.nonce, errorText(error));
  return { kind: "retry", error: errorText(error), retryAfterMs: error.retryAfterMs };
}
