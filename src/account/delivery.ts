import { ClickClackError } from "../clickclack/errors.ts";
import { type Cause, causeOf } from "./cause.ts";
import type { AccountContext } from "./context.ts";
import type { OutboxItem } from "./outbox.ts";

/** How a post went: there for good, worth another try under the same nonce, or refused for good. */
export type Delivery =
  | { kind: "sent"; messageId: string }
  | { kind: "retry"; cause: Cause }
  | { kind: "refused"; error: ClickClackError };

/**
 * Posts a stored text under its nonce, once. ClickClack answers a repeat with the message that it already has. Where it
 * refuses and the text may be there all the same, by-nonce tells: it sees a conflict when our message was edited since,
 * and it may refuse a repeat for what has changed since an earlier post whose answer was lost.
 *
 * The quote of a reply is given up when the message quoted is gone.
 *
 * @param item as stored; nothing is written to the outbox but a quote that was given up, and a failure
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
    if (error.retryable) return failedOnce(context, item, error);
    const mayBeThere = error.failure === "nonce_conflict" || item.attempts > 0;
    return mayBeThere ? lookUp(context, workspaceId, item, error) : { kind: "refused", error };
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
    if (!quoteRefused || item.requestHash !== undefined) throw error;
    context.outbox.dropQuote(item.nonce);
    return context.client.post(item.place, content, correlationId);
  }
}

async function lookUp(
  context: AccountContext,
  workspaceId: string,
  item: OutboxItem,
  refusal: ClickClackError,
): Promise<Delivery> {
  try {
    const posted = await context.client.messageByNonce(workspaceId, item.nonce);
    return posted === undefined
      ? { kind: "refused", error: refusal }
      : { kind: "sent", messageId: posted.id };
  } catch (error) {
    if (!(error instanceof ClickClackError)) throw error;
    return error.retryable ? failedOnce(context, item, error) : { kind: "refused", error: refusal };
  }
}

function failedOnce(context: AccountContext, item: OutboxItem, error: ClickClackError): Delivery {
  const cause = causeOf(error);
  context.outbox.failedOnce(item.nonce, cause.error);
  return { kind: "retry", cause };
}
