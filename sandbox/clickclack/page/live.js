const CLOSE_RESYNC_REQUIRED = 4001;
const CLOSE_ACCESS_REVOKED = 1008;
const CLOSE_OVERFLOW = 1013;

const FIRST_DELAY_MS = 300;
const LONGEST_DELAY_MS = 10_000;

/**
 * What a connection needs.
 *
 * @typedef {"connecting" | "live" | "offline" | "ended"} LinkState
 * @typedef {{
 *   resync: () => Promise<string>,
 *   connect: (cursor: string) => WebSocket,
 *   probe: () => Promise<unknown>,
 *   onEvent: (event: any) => void,
 *   onState: (state: LinkState) => void,
 *   onError: (error: unknown) => void,
 * }} LinkParts
 */

/**
 * Listens for events for as long as the page is open.
 *
 * `resync` takes the log's tail, then loads everything, and returns the tail: what happens in between comes twice and
 * never not at all. It is asked for at the start, and when the server says that our cursor is of no use any more.
 *
 * @param {LinkParts} parts
 */
export async function listen({ resync, connect, probe, onEvent, onState, onError }) {
  /** @type {string | undefined} */
  let cursor;
  for (let failures = 0; ; failures++) {
    onState(failures === 0 ? "connecting" : "offline");
    try {
      cursor ??= await resync();
      const close = await follow(connect(cursor), {
        onOpen: () => {
          failures = 0;
          onState("live");
        },
        onEvent: (event) => {
          // Events come out of cursor order at times; the cursor moves forward only. Ephemeral ones have none.
          if (event.cursor > (cursor ?? "")) cursor = event.cursor;
          onEvent(event);
        },
      });
      if (close.code === CLOSE_ACCESS_REVOKED) return onState("ended");
      if (close.code === CLOSE_RESYNC_REQUIRED) cursor = undefined;
      if (close.code === CLOSE_OVERFLOW) continue;
      // A refused handshake tells a browser nothing; an ordinary request tells why.
      if (!close.wasOpen) await probe();
    } catch (error) {
      onError(error);
    }
    await pause(failures);
  }
}

/**
 * Resolves when the socket is closed.
 *
 * @param {WebSocket} socket
 * @param {{onOpen: () => void, onEvent: (event: any) => void}} listeners
 * @returns {Promise<{code: number, wasOpen: boolean}>}
 */
function follow(socket, { onOpen, onEvent }) {
  return new Promise((resolve) => {
    let wasOpen = false;
    socket.addEventListener("open", () => {
      wasOpen = true;
      onOpen();
    });
    socket.addEventListener("message", ({ data }) => onEvent(JSON.parse(data)));
    socket.addEventListener("close", ({ code }) => resolve({ code, wasOpen }));
  });
}

/** Half of the delay is chance, so that a server that comes back is not met by all tabs at once. @param {number} failures */
function pause(failures) {
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** failures);
  return new Promise((resolve) => setTimeout(resolve, delay * (0.5 + Math.random() / 2)));
}
