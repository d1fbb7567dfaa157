import type { IncomingMessage } from "node:http";
import { routes } from "./api/routes.ts";
import { faultRoutes } from "./control/faults.ts";
import { provisionRoutes } from "./control/provision.ts";
import { requestRoutes } from "./control/requests.ts";
import { controlApi } from "./control/router.ts";
import { socketRoutes } from "./control/sockets.ts";
import { stateRoutes } from "./control/state.ts";
import { servePage } from "./page.ts";
import type { Outcome } from "./pipeline/faults.ts";
import { pipeline } from "./pipeline/pipeline.ts";
import { listen } from "./transport.ts";
import { emptyWorld } from "./world.ts";

const REPLAY_CAP = 5_000;
const CALLBACK_TIMEOUT_MS = 3_000;

/** Where the stand-in listens, how it replays, and how long it waits. */
export interface ClickClackOptions {
  /** 0 (the default) lets the system choose. */
  readonly port?: number;
  /** How many events a WebSocket replays before it is closed with 4001; 5000 by default, as at ClickClack. */
  readonly replayCap?: number;
  /** How long a callback may take in all; 3000 by default, as at ClickClack. */
  readonly callbackTimeoutMs?: number;
}

/** A stand-in that runs. */
export interface ClickClack {
  /** `http://127.0.0.1:<port>`; the API is under `/api`, the control API under `/sandbox`, the chat page at `/`. */
  readonly url: string;
  /** Breaks every connection and stops listening. */
  close(): Promise<void>;
}

/**
 * Starts a stand-in for ClickClack that keeps everything in memory.
 *
 * It begins with nothing: workspaces, people and bots are made over its control API (`POST /sandbox/workspaces`), or
 * through ClickClack's own API by a person who has a session.
 *
 * @throws Error when the port is taken
 */
export async function startClickClack(options: ClickClackOptions = {}): Promise<ClickClack> {
  const world = emptyWorld({
    replayCap: options.replayCap ?? REPLAY_CAP,
    callbackTimeoutMs: options.callbackTimeoutMs ?? CALLBACK_TIMEOUT_MS,
  });
  const takeApi = pipeline(world, routes, servePage);
  const answerControl = controlApi(world, [
    ...provisionRoutes,
    ...faultRoutes,
    ...socketRoutes,
    ...stateRoutes,
    ...requestRoutes,
  ]);
  const take = async (request: IncomingMessage): Promise<Outcome> => {
    if (!request.url?.startsWith("/sandbox/")) return takeApi(request);
    return { kind: "answer", answer: await answerControl(request) };
  };
  return listen(options.port ?? 0, take);
}
