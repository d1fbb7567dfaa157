import { connect } from "node:net";

/**
 * A recorded exchange with a running OpenClaw gateway: raw sockets, byte for byte. A file holds `#` lines of remarks,
 * `>>> REQUEST` with what was sent, and `<<< RESPONSE` with each socket read under its time of arrival. Bytes are kept
 * as latin1 text, so that lengths count bytes.
 */
export interface Exchange {
  readonly remarks: string;
  readonly request: string;
  readonly response: string;
}

/** An HTTP answer taken apart. */
export interface Answer {
  readonly status: string;
  /** `Name: value` lines in alphabetical order. */
  readonly headers: readonly string[];
  readonly body: string;
  /** The data of server-sent events; empty for other bodies. */
  readonly events: readonly string[];
  readonly isComplete: boolean;
}

const REQUEST_MARK = ">>> REQUEST\n";
const RESPONSE_MARK = "\n\n<<< RESPONSE (each socket read prefixed with its arrival time)\n";
const READ_MARK = /^--- \+[\d.]+ ms\n/m;

export function parseExchange(recording: Buffer): Exchange {
  const text = recording.toString("latin1");
  const requestAt = text.indexOf(REQUEST_MARK);
  const responseAt = text.indexOf(RESPONSE_MARK);
  if (requestAt < 0 || responseAt < requestAt) throw new Error("This is not a recorded exchange.");
  const [, ...reads] = text.slice(responseAt + RESPONSE_MARK.length).split(READ_MARK);
  return {
    remarks: text.slice(0, requestAt),
    request: text.slice(requestAt + REQUEST_MARK.length, responseAt),
    // The recorder ended each read with a line break of its own.
    response: reads.map((read) => read.replace(/\n$/, "")).join(""),
  };
}

export function parseAnswer(raw: string): Answer {
  const headEnd = raw.indexOf("\r\n\r\n");
  if (headEnd < 0) return { status: "", headers: [], body: "", events: [], isComplete: false };
  const [status = "", ...headers] = raw.slice(0, headEnd).split("\r\n");
  const payload = raw.slice(headEnd + 4);
  const length = /^content-length: (\d+)$/im.exec(headers.join("\n"))?.[1];
  const { body, isComplete } =
    length === undefined
      ? joinChunks(payload)
      : { body: payload, isComplete: payload.length >= Number(length) };
  const text = Buffer.from(body, "latin1").toString("utf8");
  const isStream = headers.some((header) => header.startsWith("Content-Type: text/event-stream"));
  const events = isStream ? text.split("\n\n").filter((event) => event !== "") : [];
  return { status, headers: headers.toSorted(), body: text, events, isComplete };
}

function joinChunks(payload: string): { body: string; isComplete: boolean } {
  let body = "";
  let rest = payload;
  for (;;) {
    const sizeEnd = rest.indexOf("\r\n");
    if (sizeEnd < 0) return { body, isComplete: false };
    const size = Number.parseInt(rest.slice(0, sizeEnd), 16);
    if (size === 0) return { body, isComplete: true };
    const start = sizeEnd + 2;
    if (rest.length < start + size + 2) return { body, isComplete: false };
    body += rest.slice(start, start + size);
    rest = rest.slice(start + size + 2);
  }
}

/** A request on a socket of its own. */
export interface Call {
  /** Resolves when so much of an answer has come as `isEnough` says, or when the server closed. */
  until(isEnough: (answer: Answer) => boolean): Promise<Answer>;
  /** Breaks the connection, as a caller does that goes away. */
  destroy(): void;
}

/** Sends raw bytes to a server, and reads what comes back. */
export function call(url: string, request: string): Call {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let raw = "";
  let isClosed = false;
  let changed = Promise.withResolvers<void>();
  const announce = () => {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };
  socket.on("data", (data) => {
    raw += data.toString("latin1");
    announce();
  });
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    isClosed = true;
    announce();
  });
  socket.write(Buffer.from(request, "latin1"));
  return {
    async until(isEnough) {
      while (!isClosed && !isEnough(parseAnswer(raw))) await changed.promise;
      return parseAnswer(raw);
    },
    destroy: () => socket.destroy(),
  };
}
