/**
 * Every number that bounds a wait, a queue or a retry, with its unit in its name and the reason beside it; those of files
 * that sends bring along are in limits-media.ts, those of the status page in limits-page.ts.
 */

// --- ClickClack -----------------------------------------------------------------------------------------------

/** One request, connect to last body byte. ClickClack itself gives an upload 30 s; everything we call is smaller. */
export const CLICKCLACK_REQUEST_TIMEOUT_MS = 10_000;
/** The realtime handshake; a server that replays nothing answers at once. */
export const HANDSHAKE_TIMEOUT_MS = 10_000;
/** Most of one answer that is read; a list page of 200 full messages stays far below. */
export const CLICKCLACK_RESPONSE_MAX_BYTES = 16 * 1024 * 1024;
/** ClickClack refuses a JSON request body above this with 413. */
export const CLICKCLACK_BODY_MAX_BYTES = 1024 * 1024;
/** ClickClack's largest events page is 500; a smaller one keeps each step short. */
export const EVENTS_PAGE_SIZE = 200;
/** Messages of one list page; ClickClack takes a larger number for its default of 100. */
export const PAGE_MAX = 200;
/** Pages of a search for one member: names that only contain a handle come along, and an id is not searched for. */
export const MEMBER_PAGES_MAX = 10;
/** The longest wait that a remote's Retry-After is followed for. */
export const RETRY_AFTER_MAX_MS = 600_000;
/** Pages one sweep may read before it leaves the rest to the next: 10,000 events. */
export const SWEEP_MAX_PAGES = 50;
/** Cursors that differ in their last character alone: as many as base32 has digits. */
export const EVENTS_SHARING_PREFIX_MAX = 32;
/** Messages that are read while they are being journaled; a burst needs no more, for it is read one room at a time. */
export const READS_AHEAD_MAX = 64;
/** What was read longer ago may have been changed since without anybody telling, and is read again. */
export const READ_AHEAD_MAX_AGE_MS = 2_000;
/** A reread window before the cursor, because order on the wire is not cursor order. Callbacks can hold an event up for seconds. */
export const CURSOR_OVERLAP_MS = 30_000;

// --- Files of a message, for the agent ------------------------------------------------------------------------

/** Images of one message that go to the agent: OpenClaw refuses a question with more. */
export const IMAGES_MAX = 8;
/** One such image; OpenClaw refuses a question with a larger one. */
export const IMAGE_MAX_BYTES = 10 * 1024 * 1024;
/**
 * All of them: in base64 they are 16 MiB of the 20 MiB that a request to OpenClaw may have. And those of all an account's
 * questions that are on their way to the gateway: a whole one was seen to take some 100 of an isolate's 128 MB.
 */
export const IMAGES_TOTAL_MAX_BYTES = 12 * 1024 * 1024;
/** Text files of one message that go to the agent; more would be a document, and each costs what its text costs. */
export const TEXT_FILES_MAX = 4;
/** The beginning of a text file that is read: some 16,000 tokens. */
export const TEXT_FILE_MAX_BYTES = 64 * 1024;
/** Reading all of a message's files. ClickClack is close by and sends 12 MiB in seconds; the question waits for it. */
export const FILES_READ_TIMEOUT_MS = 30_000;
/** That call as the object sees it: past this, the entrypoint that keeps its own deadline has been lost. */
export const FILES_READ_LOST_AFTER_MS = FILES_READ_TIMEOUT_MS + 15_000;

// --- Link -----------------------------------------------------------------------------------------------------

/** The object is evicted 70 to 140 s after its last event, and alarms may slip; 45 s keeps it awake. */
export const WATCHDOG_INTERVAL_MS = 45_000;
/** Ceiling of the reconnect backoff. Its floor is the account's `reconnectMs`. */
export const RECONNECT_MAX_MS = 60_000;
/** A link that held this long starts its next backoff from the floor. */
export const LINK_HEALTHY_AFTER_MS = 60_000;
/** Other bots that are asked what became of one whose token is refused. The first that answers is believed. */
export const WITNESSES_MAX = 5;
/** Retry for what only an operator can mend (token, scope, membership, workspace): no storm. */
export const LINK_REFUSED_RETRY_MS = 300_000;

/** What another road has brought comes over a sound socket within this. Callbacks go out right behind the frames. */
export const SOCKET_LAG_MAX_MS = 10_000;
/**
 * An account without a socket asks again after so long who it is and where it belongs. One with a socket does at every
 * reconnect.
 */
export const IDENTITY_RENEWAL_MS = 3_600_000;
/**
 * The bot's command menu is published again after so long, at the next time that the account is looked at: somebody with
 * the same token, OpenClaw's plugin for one, may have replaced it.
 */
export const MENU_RENEWAL_MS = 3_600_000;
/**
 * What a callback brought is decided on once the events were read for what was said before it; when they cannot be read,
 * after so long, at the price of the order. Twice the longest wait between two tries of the link.
 */
export const HOLD_MAX_MS = 2 * RECONNECT_MAX_MS;

/** Alarms may slip by up to a minute; one that is far later than that was lost, and is set again. */
export const ALARM_LATE_MAX_MS = 120_000;

// --- Callbacks ------------------------------------------------------------------------------------------------

/** One signed callback. Events have less than 2 KiB; what is said behind a slash command is the rest. */
export const CALLBACK_BODY_MAX_BYTES = 256 * 1024;
/** Between two times that an isolate hands its refused callbacks on to an account's object, so that it may sleep. */
export const REFUSALS_INTERVAL_MS = 60_000;
/** One call of an account's object under a callback. ClickClack waits 3 s, and shows whoever gave a command an error then. */
export const CALLBACK_CALL_TIMEOUT_MS = 2_500;

// --- Resync: how much is read through the message endpoints after a lost cursor -------------------------------

/** Channels and direct conversations. Each is a request at least, one after the other: 300 take 10 to 30 s. */
export const RESYNC_CONVERSATIONS_MAX = 300;
/**
 * Pages of one conversation: 1,000 messages. Of those that are to be answered only the newest 50 may wait, so that
 * reading further back would bring little but `overflow`.
 */
export const RESYNC_PAGES_PER_CONVERSATION_MAX = 5;
/** Threads, over all conversations. Each is a request. */
export const RESYNC_THREADS_MAX = 300;
/**
 * Resyncs that may fail at a conversation that cannot be read just now, before it is left out: some minutes with the
 * link's backoff. One list that always fails would keep the bot from all others for ever.
 */
export const RESYNC_ATTEMPTS_MAX = 10;

// --- Turns ----------------------------------------------------------------------------------------------------

/** Turns that run at once per account. A streaming completion holds no connection slot, so this bounds memory only. */
export const TURNS_AT_ONCE_MAX = 32;
/** Turns waiting in one conversation; beyond it the oldest waiting one is dropped. */
export const TURNS_WAITING_PER_CONVERSATION_MAX = 50;
/** Messages fetched for admission at once; a Worker may have six connections waiting for headers, the rest queue. */
export const ADMISSIONS_AT_ONCE_MAX = 6;
/**
 * Times one message is fetched, begun or posted before it is given up: with the backoff below most of an hour, so that a
 * ClickClack that is moved to another machine costs nothing. How often the agent itself may be asked depends on what
 * failed and is far less (openclaw/errors.ts).
 */
export const ATTEMPTS_MAX = 40;
/**
 * A turn that was begun and never came back counts as so many: perhaps it is what ended the object, and it may have cost
 * an agent's run.
 */
export const CRASH_ATTEMPTS = 3;
/** First delay between attempts of one piece of work. */
export const RETRY_MIN_MS = 1_000;
/** Longest delay between attempts of one piece of work. */
export const RETRY_MAX_MS = 120_000;
/** One whole completion. OpenClaw's own limit is 48 h; nobody waits in a chat for that. */
export const COMPLETION_TIMEOUT_MS = 600_000;
/** Silence within a stream. OpenClaw sends no keepalives and retries its provider for up to 115 s without a byte. */
export const COMPLETION_SILENCE_TIMEOUT_MS = 150_000;
/** Headers of a completion; a healthy gateway sends them within 20 ms, a busy one within seconds. */
export const COMPLETION_HEADERS_TIMEOUT_MS = 30_000;
/** A completion as the object sees it: past this, the entrypoint that keeps its own deadlines has been lost. */
export const COMPLETION_LOST_AFTER_MS = COMPLETION_TIMEOUT_MS + 30_000;
/** Other calls to the gateway (models, history). */
export const GATEWAY_REQUEST_TIMEOUT_MS = 15_000;
/** Such a call as the object sees it. */
export const GATEWAY_CALL_LOST_AFTER_MS = GATEWAY_REQUEST_TIMEOUT_MS + 15_000;
/** Most text one completion may bring. */
export const COMPLETION_TEXT_MAX_CHARS = 2_000_000;
/** One posted message. JSON may escape a character to six bytes, and the body cap is 1 MiB. */
export const MESSAGE_TEXT_MAX_CHARS = 150_000;
/** What was said before and goes along with a question, beside the configured number of messages. */
export const HISTORY_MAX_CHARS = 24_000;
/**
 * An account without a socket looks so long after it began to ask whether a file was attached to the message: the web
 * client attaches it when the post has returned, which is when our answer to the callback has.
 */
export const LATE_FILES_LOOK_MS = 1_500;
/** Messages remembered as changed, for the moment between that news and the message's own fetch. */
export const UPDATES_REMEMBERED_MAX = 100;
/** One message of it; a longer one is cut, so that it leaves room for others and is not left out whole itself. */
export const HISTORY_MESSAGE_MAX_CHARS = 8_000;
/** A name as an agent reads it. ClickClack takes 80 bytes for people's; those of channels and workspaces have no bound. */
export const NAME_MAX_CHARS = 80;
/** Of a message that is replied to, as an agent reads it. ClickClack keeps 280 characters, some of which take two units. */
export const QUOTE_MAX_CHARS = 560;
/** Names of a group conversation's members that an agent reads; it has 32 members at most. */
export const GROUP_NAMES_MAX = 12;
/** A question waits no longer for a name; a healthy ClickClack answers within tens of milliseconds. */
export const NAME_WAIT_MS = 1_000;
/** A name that could not be read is asked for again after so long. */
export const NAME_RETRY_MS = 60_000;
/** Channels are renamed now and then, and no question needs to know at once. */
export const CHANNEL_NAMES_MAX_AGE_MS = 300_000;
/** An answer that comes sooner needs no sign: it would only flicker, and be two requests and four frames for nothing. */
export const SIGN_AFTER_MS = 300;
/** People's clients forget a typing sign after 5 s and renew their own every 4 s. */
export const TYPING_INTERVAL_MS = 4_000;
/** They forget a line of progress 45 s after its last frame; one that is lost, or late, leaves time for another. */
export const PROGRESS_INTERVAL_MS = 15_000;

// --- A gateway that is away -----------------------------------------------------------------------------------

/**
 * Conversations whose questions have to miss the gateway before all questions wait. With fewer, each tries again by
 * itself; one alone may be what breaks the connection.
 */
export const BREAKER_CONVERSATIONS_TO_OPEN = 3;
/** First wait before a single question probes a gateway that is away; one that is draining asks for a second. */
export const BREAKER_PROBE_MIN_MS = 1_000;
/** Longest wait between two probes. */
export const BREAKER_PROBE_MAX_MS = 60_000;
/** A question waits no longer than this for the gateway, and no longer than `edge.maxMessageAge`. */
export const GATEWAY_WAIT_MAX_MS = 24 * 3_600_000;
/** How often a notice that could not be posted is tried again, while it still holds true. */
export const NOTICE_RETRY_MS = 15_000;

// --- Outbound sends -------------------------------------------------------------------------------------------

/**
 * Sends in the background that are on their way at once per account, each to another target. Of the six connections
 * that may wait for headers at once, some are left to answers.
 */
export const SENDS_AT_ONCE_MAX = 4;
/** Sends in the background that may wait per account: with the largest texts a tenth of the 10 GB that an object may store. */
export const SENDS_PENDING_MAX = 1_000;
/** What a caller is told to wait when too many are pending; a healthy ClickClack takes that many in about a minute. */
export const SENDS_PENDING_RETRY_AFTER_MS = 60_000;

// --- Edge functions -------------------------------------------------------------------------------------------

/** For so long after a deploy an object that never sleeps may run the version before: Cloudflare's default. */
export const OBJECT_UPDATE_MAX_MS = 300_000;
/** A send request: the largest text that ClickClack takes, with room for the other fields. */
export const SEND_BODY_MAX_BYTES = CLICKCLACK_BODY_MAX_BYTES + 4 * 1024;
/** A send's target. Handles have 32 characters and channels short names; those that wait are held in memory. */
export const SEND_TARGET_MAX_CHARS = 500;
/** Idempotency-Key length; the draft standard leaves it to the server. */
export const IDEMPOTENCY_KEY_MAX_CHARS = 255;

/** Most given-up messages that one answer lists. */
export const DEAD_LIST_MAX = 200;

/** Lines of an account's log that are kept for whoever listens to it: some 60 KiB, and minutes of a busy bot. */
export const LOG_LINES_MAX = 200;
/** Silence on such a line; proxies, Cloudflare's own among them, give up after 100 s and more. */
export const LOG_KEEP_ALIVE_MS = 15_000;

/** How old what metrics say of the roads may be: they are asked for often, and it takes a look at the whole journal. */
export const AUDIT_MAX_AGE_MS = 60_000;

// --- Storage --------------------------------------------------------------------------------------------------

/** Settled rows are kept this long, so that a repeat is recognised and an operator can ask what happened. */
export const RETENTION_MS = 7 * 24 * 3_600_000;
/** What was given up is kept longer, for an operator to act on, but not for ever: its number has no other bound. */
export const DEAD_RETENTION_MS = 30 * 24 * 3_600_000;
/** How often settled rows are looked through. */
export const CLEANUP_INTERVAL_MS = 3_600_000;
