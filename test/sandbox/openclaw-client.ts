import type { Reply } from "../../sandbox/openclaw/replies.ts";

/** What a test asks of the stand-in, over HTTP as every caller does. */
export class OpenClawClient {
  readonly url: string;
  readonly token: string;

  constructor(url: string, token: string) {
    this.url = url;
    this.token = token;
  }

  /** A client of a new gateway on the same server. */
  async newGateway(options: object = {}): Promise<OpenClawClient> {
    const { token } = (await this.control("POST", "gateways", options)) as { token: string };
    return new OpenClawClient(this.url, token);
  }

  /** Scripts answers; returns the rule's id. */
  async script(reply: Reply, match: object = {}, times?: number): Promise<string> {
    const { id } = (await this.control("POST", "replies", { match, times, reply })) as { id: string };
    return id;
  }

  async hold(match: object = {}, afterChunks = 0): Promise<string> {
    const { id } = (await this.control("POST", "hold", { match, afterChunks })) as { id: string };
    return id;
  }

  async release(id?: string): Promise<void> {
    await this.control("POST", "release", { id });
  }

  /** The recorded requests, once there are `atLeast` so many of that state. */
  async requests(query: Record<string, string> = {}): Promise<Recorded[]> {
    const search = new URLSearchParams({ token: this.token, ...query });
    const response = await fetch(`${this.url}/sandbox/requests?${search}`);
    const body = (await response.json()) as { requests?: Recorded[]; error?: string };
    if (!body.requests) throw new Error(body.error ?? String(response.status));
    return body.requests;
  }

  /** A completion in a session, streamed unless `body` says otherwise. */
  complete(text: string, session?: string, init: { body?: object; signal?: AbortSignal } = {}) {
    return fetch(`${this.url}/v1/chat/completions`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${this.token}`,
        "content-type": "application/json",
        ...(session === undefined ? {} : { "x-openclaw-session-key": session }),
      },
      body: JSON.stringify({
        model: "openclaw/main",
        stream: true,
        messages: [{ role: "user", content: text }],
        ...init.body,
      }),
      ...(init.signal ? { signal: init.signal } : {}),
    });
  }

  async history(session: string, query = ""): Promise<HistoryPage> {
    const path = `/sessions/${encodeURIComponent(session)}/history${query}`;
    const response = await fetch(this.url + path, { headers: { authorization: `Bearer ${this.token}` } });
    return (await response.json()) as HistoryPage;
  }

  async control(method: string, resource: string, body: object = {}): Promise<unknown> {
    const isNew = resource === "gateways";
    const response = await fetch(`${this.url}/sandbox/${resource}`, {
      method,
      ...(method === "DELETE" ? {} : { body: JSON.stringify(isNew ? body : { token: this.token, ...body }) }),
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return response.json();
  }
}

/** A request as `GET /sandbox/requests` tells it. */
export interface Recorded {
  path: string;
  headers: Record<string, string>;
  agent: string | null;
  session: string | null;
  prompt: { system: string | null; history: { role: string; text: string }[]; user: string } | null;
  runId: string | null;
  status: number | null;
  state: string;
}

export interface HistoryPage {
  items: {
    role: string;
    content: string | { type: string; text: string }[];
    stopReason?: string;
    __openclaw: { runId?: string; seq: number };
  }[];
  hasMore: boolean;
  nextCursor?: string;
}

/** A streamed answer taken apart. */
export interface Streamed {
  readonly runId: string;
  readonly text: string;
  readonly finish: string | undefined;
  readonly error: { message: string; type: string } | undefined;
}

export async function streamed(response: Response): Promise<Streamed> {
  const frames = (await response.text())
    .split("\n\n")
    .filter((event) => event.startsWith("data: {"))
    .map((event) => JSON.parse(event.slice("data: ".length)) as Frame);
  return {
    runId: frames[0]?.id ?? "",
    text: frames.map((frame) => frame.choices?.[0]?.delta.content ?? "").join(""),
    finish:
      frames.map((frame) => frame.choices?.[0]?.finish_reason).findLast((reason) => reason) ?? undefined,
    error: frames.find((frame) => frame.error)?.error,
  };
}

interface Frame {
  id?: string;
  choices?: { delta: { content?: string }; finish_reason: string | null }[];
  error?: { message: string; type: string };
}
