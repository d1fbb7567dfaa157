import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Env } from "../../src/env.ts";
import worker from "../../src/worker.ts";

export const ADMIN_TOKEN = "test-admin-token";

/** Somebody with a browser: keeps cookies, says where a form comes from, and follows no redirect. */
export class Visitor {
  /** Where they open the Worker. */
  readonly origin: string;
  readonly #env: Env;
  readonly #address: string;
  cookie: string | undefined;

  /**
   * @param accounts the only ones that the document has; all others would be asked as well
   * @param changes of the Worker's environment
   */
  constructor(
    accounts: readonly string[],
    { origin = "https://edge.example", address = "192.0.2.1", changes = {} as object } = {},
  ) {
    this.origin = origin;
    this.#address = address;
    this.#env = { ...(env as unknown as Env), OPENCLAW_CONFIG: documentOf(accounts), ...changes };
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.#send(path, { headers: { accept: "text/html,*/*;q=0.8", ...headers } });
  }

  /** @param headers in place of what a browser says of a form of the page itself */
  post(
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string> = { origin: this.origin, "sec-fetch-site": "same-origin" },
  ): Promise<Response> {
    return this.#send(path, { method: "POST", body: new URLSearchParams(fields), headers });
  }

  async #send(path: string, { headers, ...init }: RequestInit & { headers: Record<string, string> }) {
    const request = new Request(this.origin + path, {
      ...init,
      headers: {
        ...headers,
        "cf-connecting-ip": this.#address,
        ...(this.cookie !== undefined && { cookie: this.cookie }),
      },
      redirect: "manual",
    });
    const response = await worker.fetch(request, this.#env, createExecutionContext());
    const set = response.headers.get("set-cookie")?.split(";")[0];
    if (set !== undefined) this.cookie = /^[^=]+=$/.test(set) ? undefined : set;
    return response;
  }

  signIn(token = ADMIN_TOKEN): Promise<Response> {
    return this.post("/page/login", { token });
  }

  /** The page as it is, once signed in. */
  async page(path = "/"): Promise<string> {
    return (await this.get(path)).text();
  }

  /** The parts that change by themselves. */
  async live(): Promise<string> {
    return (await this.get("/page/live")).text();
  }

  /** What the forms of the page bear. */
  async formToken(): Promise<string> {
    return /name="form" value="([^"]+)"/.exec(await this.page())?.[1] ?? "";
  }

  /** Sends a form about a message that was given up. */
  async act(action: "retry" | "discard", account: string, message: string): Promise<Response> {
    return this.post(`/page/dead/${action}`, { form: await this.formToken(), account, message });
  }
}

/** What a reader sees of a page: its text, without a tag. */
export function textOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ")
    .replace(/ (?=[,.:;])/g, "");
}

function documentOf(ids: readonly string[]): string {
  const document = JSON.parse((env as unknown as Env).OPENCLAW_CONFIG ?? "") as {
    edge: { accounts: Record<string, object> };
    channels: { clickclack: { accounts: Record<string, object>; defaultAccount?: string } };
  };
  const only = (all: Record<string, object>) =>
    Object.fromEntries(Object.entries(all).filter(([id]) => ids.includes(id)));
  document.edge.accounts = only(document.edge.accounts);
  document.channels.clickclack.accounts = only(document.channels.clickclack.accounts);
  delete document.channels.clickclack.defaultAccount;
  return JSON.stringify(document);
}
