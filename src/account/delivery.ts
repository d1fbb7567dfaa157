import { ClickClackError } from "../clickclack/errors.ts";
import { type Cause, causeOf } from "./cause.ts";
import type { AccountContext } from "./context.ts";
import type { Postable } from "./outbox.ts";

/** How a post went: there for good, worth another try under the same nonce, or refused for good. */
export type Delivery =
  | { kind: "sent"; messageId: string }
  | { kind: "retry"; cause: Cause }
  | { kind: "refused"; error: ClickClackError };

/**
 * Delivers a stored text under its nonce, once. Where an earlier post of it may have gone through, by-nonce is asked
 * first: that settles a lost answer without a second post, also when the message was edited, or the place closed to us,
 * since. What it does not find, or may not or cannot tell (a missing scope, a server without the route), is posted:
 * under its nonce ClickClack answers a repeat with the message that it already has.
 *
 * By-nonce is also asked after a refusal of what may be there all the same: a conflict means that our message was
 * edited or deleted, and an earlier post may have been carried out just after it was looked for.
 *
 * The quote of a reply is given up when the message quoted is gone.
 *
 * @param item as stored; one with failed attempts may have been posted. Nothing is written to the outbox but a quote
 *   that was given up, and a failure
 */
export async function deliver(
  context: AccountContext,
  workspaceId: string,
  item: Postable,
): Promise<Delivery> {
  const mayBeThere = item.attempts > 0;
  try {
    const there = mayBeThere ? await postedBefore(context, workspaceId, item) : undefined;
    return { kind: "sent", messageId: there ?? (await post(context, item)) };
  } catch (error) {
    if (!(error instanceof ClickClackError)) throw error;
    if (error.retryable) return failedOnce(context, item, error);
    if (!mayBeThere && error.failure !== "nonce_conflict") return { kind: "refused", error };
    return afterRefusal(context, workspaceId, item, error);
  }
}

async function post(context: AccountContext, item: Postable): Promise<string> {
  const content = { body: item.text, nonce: item.nonce, authorModel: item.authorModel };
  try {
    return await context.client.post(item.place, { ...content, quotedMessageId: item.quote });
  } catch (error) {
    const quoteRefused = error instanceof ClickClackError && error.failure === "quote_refused";
    // A caller who asked for the quote hears of it; under a reply it is an ornament.
    if (!quoteRefused || item.requestHash !== undefined) throw error;
    context.outbox.dropQuote(item.nonce);
    return context.client.post(item.place, content);
  }
}

async function afterRefusal(
  context: AccountContext,
  workspaceId: string,
  item: Postable,
  refusal: ClickClackError,
): Promise<Delivery> {
  try {
    const there = await postedBefore(context, workspaceId, item);
    return there === undefined ? { kind: "refused", error: refusal } : { kind: "sent", messageId: there };
  } catch (error) {
    if (!(error instanceof ClickClackError)) throw error;
    return failedOnce(context, item, error);
  }
}

/**
 * The message that is there under the item's nonce.
 *
 * @returns its id; undefined when there is none, and when ClickClack does not let us know
 * @throws {ClickClackError} when the question may be answered later
 */
async function postedBefore(
  { client }: AccountContext,
  workspaceId: string,
  { nonce }: Postable,
): Promise<string | undefined> {
  try {
    return (await client.messageByNonce(workspaceId, nonce))?.id;
  } catch (error) {
    if (error instanceof ClickClackError && !error.retryable) return undefined;
    throw error;
  }
}

/** Counts a failure after which the same is tried again. */
export function failedOnce(context: AccountContext, item: Postable, error: ClickClackError): Delivery {
  const cause = causeOf(error);
  context.outbox.failedOnce(item.nonce, cause.error);
  return { kind: "retry", cause };
}
