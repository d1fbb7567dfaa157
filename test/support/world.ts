import { env, exports } from "cloudflare:workers";
import { inject } from "vitest";
import { type Member, type Room, roomAt, type Said, waitFor } from "../../sandbox/room.ts";
import { isUp } from "../../src/account/link-state.ts";
import type { AccountStatus } from "../../src/account/status.ts";
import type { Env } from "../../src/env.ts";
import { seatOf } from "./accounts.ts";
import { faultsOfAnswer, faultsOfRequest, operationOf } from "./description.ts";
import { until } from "./wait.ts";

/** One test account with its workspace, as a test uses them. */
export interface World {
  room: Room;
  ada: Member;
  ben: Member;
  bot: Member;
  otherBot: Member;
  general: string;
  side: string;
  /** Brings the account up and waits until messages come in. */
  link(): Promise<void>;
  status(): Promise<AccountStatus>;
  /** The bot's answers to a message that was asked in a channel. */
  answersTo(questionId: string): Promise<Said[]>;
  /** Waits for the bot's answer in a channel. */
  answerTo(questionId: string): Promise<Said>;
}

/** @param account one of the test accounts */
export function worldOf(account: string): World {
  const seat = seatOf(account);
  const data = inject("rooms")[seat.room];
  if (data === undefined) throw new Error(`there is no test account ${account}`);
  const room = roomAt(inject("clickclackUrl"), data);
  const bot = room.bot(seat.bot);
  const ada = room.person("ada");
  const stub = () => (env as unknown as Env).BOT_ACCOUNT.getByName(account);
  const status = async () => {
    const found = await stub().status();
    if (found === undefined) throw new Error(`account ${account} cannot be used`);
    return found as AccountStatus;
  };
  const everywhere = async () =>
    (await Promise.all(["general", "side"].map((name) => room.inChannel(ada, room.channelId(name))))).flat();
  const answers = (id: string) => (said: Said) => said.author_id === bot.id && said.quoted_message_id === id;
  return {
    room,
    ada,
    ben: room.person("ben"),
    bot,
    otherBot: room.bot(seat.bot === "bot" ? "otherbot" : "bot"),
    general: room.channelId("general"),
    side: room.channelId("side"),
    link: async () => {
      await stub().ensure();
      await until(async () => isUp((await status()).link));
    },
    status,
    answersTo: async (id) => (await everywhere()).filter(answers(id)),
    answerTo: (id) => waitFor(everywhere, answers(id)),
  };
}

/**
 * Calls the Worker's own HTTP door.
 *
 * @throws when a request is taken, or answered, otherwise than the description of the API says
 */
export async function callWorker(path: string, init: RequestInit = {}): Promise<Response> {
  const { default: worker } = exports as unknown as { default: Fetcher };
  const response = await worker.fetch(`http://edge${path}`, init);
  const operation = operationOf(init.method ?? "GET", new URL(path, "http://edge").pathname);
  if (operation === undefined) return response;
  const faults = await faultsOfAnswer(operation, response);
  if (response.ok && typeof init.body === "string") faults.push(...faultsOfRequest(operation, init.body));
  if (faults.length > 0) throw new Error(faults.join("\n"));
  return response;
}

/** `GET` with the API token. */
export function readWorker(path: string): Promise<Response> {
  return callWorker(path, { headers: { authorization: "Bearer test-api-token" } });
}

/** `GET /v1/messages/:id` with the API token. */
export async function sendState(id: string): Promise<Record<string, unknown>> {
  const response = await readWorker(`/v1/messages/${id}`);
  return { status: response.status, ...((await response.json()) as object) };
}

/** `POST /v1/messages` with the API token. */
export function postMessage(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return callWorker("/v1/messages", {
    method: "POST",
    headers: { authorization: "Bearer test-api-token", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}
