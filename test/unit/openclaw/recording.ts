/**
 * Exchanges with a running OpenClaw gateway, recorded from raw sockets: `<<< RESPONSE`, then each socket read under its
 * time of arrival. All of those used here are ASCII, so that characters are bytes.
 */
const RECORDINGS = import.meta.glob("../../fixtures/openclaw/*.txt", {
  query: "?raw",
  import: "default",
  eager: true,
});

const RESPONSE_MARK = "\n\n<<< RESPONSE (each socket read prefixed with its arrival time)\n";

/** A recorded answer, without the framing of HTTP/1.1. */
export interface Recorded {
  status: number;
  headers: Headers;
  body: string;
}

/** The names of all recorded chat completions that were streamed. */
export const STREAMED: readonly string[] = Object.entries(RECORDINGS)
  .filter(
    ([, text]) =>
      text.includes("POST /v1/chat/completions") && text.includes("Content-Type: text/event-stream"),
  )
  .map(([path]) => path.replace(/^.*\/(.*)\.txt$/, "$1"));

export function recorded(name: string): Recorded {
  const text = RECORDINGS[`../../fixtures/openclaw/${name}.txt`];
  if (text === undefined) throw new Error(`there is no recording ${name}`);
  const [, ...reads] = text
    .slice(text.indexOf(RESPONSE_MARK) + RESPONSE_MARK.length)
    .split(/^--- \+[\d.]+ ms\n/m);
  // The recorder ended each read with a line break of its own.
  const raw = reads.map((read) => read.replace(/\n$/, "")).join("");
  const headEnd = raw.indexOf("\r\n\r\n");
  const [first = "", ...lines] = raw.slice(0, headEnd).split("\r\n");
  const headers = new Headers(lines.map((line) => [line.split(": ")[0] ?? "", line.replace(/^.*?: /, "")]));
  const payload = raw.slice(headEnd + 4);
  return {
    status: Number(first.split(" ")[1]),
    headers,
    body: headers.get("transfer-encoding") === "chunked" ? unchunked(payload) : payload,
  };
}

/** A recorded answer as `fetch` would give it. */
export function recordedResponse(name: string): Response {
  const { status, headers, body } = recorded(name);
  headers.delete("transfer-encoding");
  return new Response(body, { status, headers });
}

/** A recording of a caller that went away has no last chunk. */
function unchunked(payload: string): string {
  let body = "";
  let rest = payload;
  for (;;) {
    const sizeEnd = rest.indexOf("\r\n");
    const size = Number.parseInt(rest, 16);
    if (sizeEnd < 0 || !(size > 0)) return body;
    body += rest.slice(sizeEnd + 2, sizeEnd + 2 + size);
    rest = rest.slice(sizeEnd + 2 + size + 2);
  }
}
