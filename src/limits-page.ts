/** Numbers of the status page. */

/** How far back its charts go, hours; the current one is the last. */
export const DAY_HOURS = 24;
/**
 * How long a look through an account's tables holds for each row that it took, while somebody watches: 1,000 rows a second
 * at most. The free plan has 5 million a day, which is more than an hour of watching the busiest account.
 */
export const SURVEY_MS_PER_ROW = 1;
/**
 * How long the page goes by what an account without a connection has said, while that has nothing to do: its object sleeps
 * between messages, and each question wakes it for over a minute.
 */
export const ASLEEP_VIEW_MAX_AGE_MS = 120_000;
/** How long a person stays signed in. */
export const SESSION_MAX_AGE_MS = 12 * 3_600_000;
/** A wrong token is answered after so long. */
export const WRONG_TOKEN_WAIT_MS = 1_000;
/** How long nobody at an address is heard who has given too many wrong tokens; the period that they are counted over. */
export const WRONG_TOKENS_PERIOD_MS = 60_000;
/** A form of the page; a token, an id and a link are short. */
export const FORM_MAX_BYTES = 8 * 1024;
/** Addresses that an isolate remembers for their wrong tokens; some hundred kilobytes. */
export const ADDRESSES_REMEMBERED_MAX = 10_000;
/** How long the page tells of messages that may have been missed: as long as messages are remembered. */
export const GAP_SHOWN_MS = 7 * 24 * 3_600_000;
