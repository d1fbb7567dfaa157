import type { IncomingMessage } from "node:http";
import type { World } from "../world.ts";
import type { Answer } from "./answer.ts";
import type { Actor } from "./auth.ts";
import type { Decoded, Shape } from "./decode.ts";

/** A request on its way to its handler, with everything before the handler done. */
export interface Call<S extends Shape = Shape> {
  readonly world: World;
  readonly actor: Actor;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Decoded<S>;
  readonly correlationId: string;
  readonly request: IncomingMessage;
  /** Fires when the caller's connection ends; whatever runs for the caller alone ends then. */
  readonly signal: AbortSignal;
}

/**
 * One endpoint: what is checked before its handler runs, and the handler.
 *
 * The checks come in ClickClack's order, 401, then the 403s of the token, then the body's 400, whatever the order here.
 */
export interface Route<S extends Shape = Shape> {
  readonly method: string;
  /** A path with `:name` for one segment. */
  readonly path: string;
  /** What bot tokens are told if the endpoint is for people only. */
  readonly refuseBots?: string;
  /** What people are told if the endpoint is for bots only. */
  readonly refusePeople?: string;
  /** The scope that a bot needs. */
  readonly scope?: string;
  readonly body?: S;
  /** A form; everything else is JSON. */
  readonly encoding?: "form";
  /** Five of ClickClack's handlers read the body before they look at the scope, so that a bad one wins. */
  readonly bodyBeforeScope?: true;
  /** Headers of every answer of this endpoint, even of a 401. */
  readonly headers?: Readonly<Record<string, string>>;
  handle(call: Call<S>): Answer | Promise<Answer>;
}

/** An endpoint that asks for no credentials. */
export interface PublicRoute {
  readonly method: string;
  readonly path: string;
  readonly isPublic: true;
  handle(call: PublicCall): Answer | Promise<Answer>;
}

/** A request to a public endpoint. */
export interface PublicCall {
  readonly world: World;
  readonly request: IncomingMessage;
  /** Reads the body as one of this shape. */
  body<S extends Shape>(shape: S): Promise<Decoded<S>>;
}

export type AnyRoute = Route | PublicRoute;

/** Declares a public endpoint. */
export function publicRoute(spec: Omit<PublicRoute, "isPublic">): PublicRoute {
  return { ...spec, isPublic: true };
}

/** Declares an endpoint; it is here for the types, so that a handler's body has those of its shape. */
export function route<const S extends Shape>(spec: Route<S>): Route {
  return spec as unknown as Route;
}
