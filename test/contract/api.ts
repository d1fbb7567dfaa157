import { request as httpRequest } from "node:http";

/** The fields of a user that the suite looks at. */
export interface User {
  readonly id: string;
  readonly kind: string;
  readonly display_name: string;
  readonly handle: string;
  readonly former_handle?: string;
  readonly deleted_at?: string;
}

/** The fields of a message that the suite looks at. */
export interface Message {
  readonly id: string;
  readonly route_id?: string;
  readonly channel_seq?: number;
  readonly thread_seq?: number;
  readonly thread_root_id: string;
  readonly body: string;
  readonly created_at: string;
  readonly attachments?: readonly Upload[];
  readonly thread_state?: { readonly reply_count: number };
}

/** An uploaded file. */
export interface Upload {
  readonly id: string;
  readonly nonce?: string;
  readonly filename: string;
  readonly content_type: string;
  readonly byte_size: number;
}

/** The fields of an event that the suite looks at. */
export interface Event {
  readonly id: string;
  readonly cursor: string;
  readonly type: string;
  readonly channel_id?: string;
  readonly seq?: number;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly mentioned_user_ids?: readonly string[];
}

/** The fields of an event subscription that the suite looks at. */
export interface EventSubscription {
  readonly id: string;
  readonly event_types: readonly string[];
  readonly callback_url: string;
  readonly signing_secret: string;
  readonly revoked_at?: string;
}

/** The fields of a slash command that the suite looks at. */
export interface SlashCommand {
  readonly id: string;
  readonly command: string;
  readonly signing_secret: string;
  readonly revoked_at?: string;
}

/** The fields of a delivery that the suite looks at. */
export interface Delivery {
  readonly id: string;
  readonly event_id: string;
  readonly request_json: string;
  readonly response_status: number;
  readonly response_body?: string;
  readonly error?: string;
}

/** What answers can hold. No answer holds it all; a test knows which members its answer has. */
export interface Body {
  readonly error: string;
  readonly user: User;
  readonly message: Message;
  readonly messages: readonly Message[];
  readonly event: Event;
  readonly events: readonly Event[];
  readonly root: Message;
  readonly replies: readonly Message[];
  readonly tail_cursor: string;
  readonly workspace: { readonly id: string; readonly slug: string };
  readonly workspaces: readonly { readonly id: string; readonly route_id: string }[];
  readonly route: { readonly target_type: string; readonly target_id: string };
  readonly channel: { readonly id: string; readonly name: string };
  readonly channels: readonly { readonly id: string; readonly name: string }[];
  readonly conversation: {
    readonly id: string;
    readonly members: readonly User[];
    readonly can_send: boolean;
  };
  readonly conversations: readonly { readonly id: string }[];
  readonly members: readonly { readonly user: User; readonly role: string }[];
  readonly next_cursor?: string | null;
  readonly bot: User;
  readonly bot_token: { readonly id: string; readonly token: string; readonly scopes: readonly string[] };
  readonly bot_commands: readonly { readonly id: string; readonly command: string }[];
  readonly setup_code: { readonly code: string };
  readonly token: string;
  readonly event_subscription: EventSubscription;
  readonly event_subscriptions: readonly EventSubscription[];
  readonly deliveries: readonly Delivery[];
  readonly slash_command: SlashCommand;
  readonly slash_commands: readonly SlashCommand[];
  readonly upload: Upload;
  readonly invocation: { readonly id: string };
  readonly text: string;
}

/** An answer with its body decoded, if it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly bytes: Buffer;
  readonly body: Body;
}

/** What a call may bring besides its body. */
export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** A body that is sent as it is. */
  readonly raw?: string | FormData;
  /** Breaks the connection off. */
  readonly signal?: AbortSignal;
}

/** The API as somebody in particular, or as nobody. */
export class Api {
  readonly #baseUrl: string;
  readonly token: string | undefined;

  constructor(baseUrl: string, token?: string) {
    this.#baseUrl = baseUrl;
    this.token = token;
  }

  get(path: string, options?: CallOptions): Promise<Answer> {
    return this.call("GET", path, undefined, options);
  }

  post(path: string, body?: unknown, options?: CallOptions): Promise<Answer> {
    return this.call("POST", path, body, options);
  }

  patch(path: string, body: unknown): Promise<Answer> {
    return this.call("PATCH", path, body);
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.call("PUT", path, body);
  }

  delete(path: string): Promise<Answer> {
    return this.call("DELETE", path);
  }

  async call(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<Answer> {
    const authorization = this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
    const sent = options.raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(this.#baseUrl + path, {
      method,
      headers: { ...authorization, ...options.headers },
      ...(sent === undefined ? {} : { body: sent }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = bytes.toString();
    const isJson = response.headers.get("content-type") === "application/json";
    const { status, headers } = response;
    return { status, headers, text, bytes, body: isJson ? JSON.parse(text) : {} };
  }

  /** Returns the values of a header line by line; `fetch` would join them. */
  headerLines(method: string, path: string, name: string): Promise<string[]> {
    return new Promise((resolve, reject) => {
      const call = httpRequest(this.#baseUrl + path, { method }, (response) => {
        response.resume();
        const raw = response.rawHeaders;
        resolve(raw.filter((_, at) => raw[at - 1]?.toLowerCase() === name.toLowerCase() && at % 2 === 1));
      });
      call.on("error", reject);
      call.end();
    });
  }
}
