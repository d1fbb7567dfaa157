import { lookup as resolveName } from "node:dns/promises";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import * as z from "zod";
import { Secret } from "../../src/config/secret.ts";
import { parseJson } from "../../src/domain/json.ts";
import { redact } from "../../src/observe/redact.ts";
import { EXIT, Problem } from "../problem.ts";
import { CLAIM_PATH, isLoopback, type SetupCode, serverAt } from "./code.ts";

const CLAIM_TIMEOUT_MS = 30_000;
const ANSWER_MAX_BYTES = 64 * 1024;

/** What a setup code was worth. */
export interface Claim {
  token: Secret;
  /** Where the API is from now on. */
  baseUrl: string;
  bot: { handle: string; name: string };
  workspace: { id: string; name: string };
  defaults: { defaultTo?: string | undefined; allowFrom?: string[] | undefined };
}

const Answer = z.object({
  contract_version: z.number().optional(),
  api_base_url: z.string().optional(),
  token: z.string().regex(/^[\x21-\x7e]+$/),
  bot: z.object({ id: z.string(), handle: z.string().default(""), display_name: z.string().default("") }),
  workspace: z.object({ id: z.string().min(1), name: z.string().default(""), slug: z.string().default("") }),
  defaults: z
    .object({ defaultTo: z.string().optional(), allowFrom: z.array(z.string()).optional() })
    .default({}),
});

/**
 * Exchanges a setup code for a bot's token. A code is good for one try: whatever comes back, it may be used up.
 *
 * @param apiBaseUrl where this server's API is when the document says so
 * @param onToken is given the token before anything else of the answer is looked at, so that it is not lost with a fault
 *   in the rest
 * @throws {Problem} in plain words
 */
export async function claim(
  setup: SetupCode,
  apiBaseUrl: string | undefined,
  onToken: (token: Secret) => Promise<void>,
): Promise<Claim> {
  const server = apiBaseUrl ?? setup.baseUrl;
  const { status, text } = await post(`${server}${CLAIM_PATH}`, JSON.stringify({ code: setup.code }));
  if (status !== 200) throw refused(status, text, server);
  const raw = parseJson(text);
  const token = Answer.shape.token.safeParse((raw as { token?: unknown } | null | undefined)?.token).data;
  if (token === undefined)
    throw new Problem(
      `--code: ${server} answered, but gave no token, so it may not be ClickClack; check the address and make a new code`,
      EXIT.failed,
    );
  await onToken(new Secret(token));
  const answer = Answer.safeParse(raw).data;
  if (answer === undefined) throw strange(server, "lacks the bot or the workspace");
  return {
    token: new Secret(token),
    baseUrl: toldAddress(answer, setup, server),
    bot: { handle: answer.bot.handle, name: answer.bot.display_name },
    workspace: { id: answer.workspace.id, name: answer.workspace.name || answer.workspace.slug },
    defaults: answer.defaults,
  };
}

/** The API's address that the answer tells, with the version that makes it mean something, or not at all. */
function toldAddress(
  answer: z.infer<typeof Answer>,
  { baseUrl, isExact }: SetupCode,
  server: string,
): string {
  const { contract_version: version, api_base_url: told } = answer;
  if (version === undefined && told === undefined && !isExact) return baseUrl;
  if (version !== 1 || told === undefined)
    throw strange(
      server,
      isExact ? "does not say that it is this server" : "is of a version that is not known",
    );
  let canonical: string;
  try {
    canonical = serverAt("--code", told);
  } catch {
    throw strange(server, "gives an address for its API that cannot be used");
  }
  if (canonical !== told || (isExact && canonical !== baseUrl))
    throw strange(server, "gives another address for its API than the code");
  return canonical;
}

function strange(server: string, what: string): Problem {
  return new Problem(
    `--code: the answer of ${server} ${what}; the token is kept, so go on with --base-url and --workspace in place of --code`,
    EXIT.failed,
  );
}

function refused(status: number, text: string, server: string): Problem {
  if (status === 404)
    return new Problem(
      "--code: the code is wrong, older than ten minutes or already used; make a new one in ClickClack",
      EXIT.failed,
    );
  if (status === 429)
    return new Problem("--code: too many tries from this address; wait a minute", EXIT.unreachable);
  if (status >= 300 && status < 400)
    return new Problem(
      `--code: ${server} sends us elsewhere, and a code is given to nobody else; use its final address`,
      EXIT.failed,
    );
  const said = z.object({ error: z.string() }).safeParse(parseJson(text)).data?.error;
  const why = said === undefined ? "" : ` (${redact(said)})`;
  return new Problem(
    `--code: ${server} answered ${status}${why}; check the address, and make a new code if this one does not work again`,
    status >= 500 ? EXIT.unreachable : EXIT.failed,
  );
}

async function post(address: string, body: string): Promise<{ status: number; text: string }> {
  const url = new URL(address);
  const lookup = url.protocol === "http:" ? await pinned(url.hostname) : undefined;
  const request = url.protocol === "http:" ? requestHttp : requestHttps;
  return new Promise((resolve, reject) => {
    const lost = (error: Error) =>
      reject(
        new Problem(
          `--code: no answer from ${url.origin} (${redact(error.message || error.name)}); check the address, and make a new code if this one was used up`,
          EXIT.unreachable,
        ),
      );
    // Node follows no redirect, and sends no header that is not here.
    const sent = request(
      url,
      {
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json",
          "content-length": Buffer.byteLength(body),
        },
        signal: AbortSignal.timeout(CLAIM_TIMEOUT_MS),
        agent: false,
        ...(lookup !== undefined && { lookup }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on("data", (chunk: Buffer) => {
          bytes += chunk.byteLength;
          if (bytes > ANSWER_MAX_BYTES) response.destroy(new Error("the answer is too large"));
          else chunks.push(chunk);
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
        );
        response.on("error", lost);
      },
    );
    sent.on("error", lost);
    sent.end(body);
  });
}

/** Names are resolved once, and connected to as they were checked: `localhost` is what a hosts file makes of it. */
async function pinned(hostname: string): Promise<LookupFunction> {
  const host = hostname.replace(/^\[|\]$/g, "");
  const addresses = await resolveName(host, { all: true }).catch(() => []);
  if (addresses.length === 0 || !addresses.every(({ address }) => isLoopback(address)))
    throw new Problem(`--code: ${host} is not this machine, and http is for this machine alone; use https`);
  return (_name, options, done) => {
    const [first] = addresses;
    if (options.all === true) done(null, addresses);
    else done(null, first?.address ?? "", first?.family);
  };
}
