import { CLICKCLACK_REQUEST_TIMEOUT_MS, SEND_BODY_MAX_BYTES } from "./limits.ts";

/** Numbers as in limits.ts, for the files that sends bring along. */

/** Files of one send. ClickClack lets a bot upload 64 ever, so that more would hardly be meant. */
export const MEDIA_MAX = 10;
/**
 * Data in a request itself, all files together and decoded. It stands in the memory of a Worker, 128 MB for all requests
 * at once, three times over: as base64, as JSON and as bytes. What is larger comes by its address.
 */
export const MEDIA_INLINE_MAX_BYTES = 8 * 1024 * 1024;
/** A file's address. Signed ones of object stores have up to 1,500 characters. */
export const MEDIA_URL_MAX_CHARS = 2_048;
/** A file's name; common file systems take 255 bytes. */
export const FILE_NAME_MAX_CHARS = 255;
/** A file's content type; real ones have up to 80. */
export const CONTENT_TYPE_MAX_CHARS = 255;
/** Redirects from a file's address to where it is: a short link, a store's region, and one more. */
export const MEDIA_REDIRECTS_MAX = 3;
/** From the first request for a file to the headers of the answer, over all redirects. */
export const MEDIA_HEADERS_TIMEOUT_MS = 15_000;
/** Of the 30 s that ClickClack gives an upload: a file whose server took more is to blame when they are over. */
export const MEDIA_WAIT_MAX_MS = 20_000;
/** ClickClack refuses an upload whose request is larger. */
export const CLICKCLACK_UPLOAD_MAX_BYTES = 64 * 1024 * 1024;
/** What stands around a file in its upload: a name and a type of the largest size, and 200 bytes. */
export const MULTIPART_FRAMING_MAX_BYTES = 2 * 1024;
/** One upload, first to last byte and its answer. ClickClack gives the body 30 s; the rest is for its storing. */
export const UPLOAD_TIMEOUT_MS = 40_000;
/** Times one file is tried at once: a lost answer is settled, and its caller may be waiting. */
export const UPLOAD_TRIES_MAX = 2;
/** All that as the object sees it: past this, whoever keeps these deadlines has been lost. */
export const UPLOAD_LOST_AFTER_MS =
  UPLOAD_TRIES_MAX * (CLICKCLACK_REQUEST_TIMEOUT_MS + MEDIA_HEADERS_TIMEOUT_MS + UPLOAD_TIMEOUT_MS) + 15_000;
/**
 * Uploads at once per account. While one is on its way, ClickClack holds 64 of the bot's 512 MiB for it, whatever its
 * size, and refuses a ninth.
 */
export const UPLOADS_AT_ONCE_MAX = 4;
/** Uploads that wait for those, per account: some minutes' worth. */
export const UPLOADS_WAITING_MAX = 100;
/**
 * Times a file in the background is tried whose own server fails: some minutes with the backoff, since what else goes to
 * the same target waits for it.
 */
export const MEDIA_ATTEMPTS_MAX = 10;
/** One with data in it: base64 is a third longer, and JSON may write each `/` in it as two characters. */
export const SEND_WITH_DATA_BODY_MAX_BYTES =
  SEND_BODY_MAX_BYTES + Math.ceil((MEDIA_INLINE_MAX_BYTES * 4 * 33) / (3 * 32));
