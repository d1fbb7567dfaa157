import type { Context } from "hono";
import type { Delivery } from "../account/journal.ts";
import { type Readiness, readinessOf } from "../account/readiness.ts";
import { headerFault, verify } from "../clickclack/signature.ts";
import { normalizeAccountId } from "../config/account-ids.ts";
import { configOf } from "../config/current.ts";
import type { CallbackKind } from "../config/types.ts";
import { parseJson } from "../domain/json.ts";
import type { AppEnv } from "./app-env.ts";

/** A request that ClickClack has signed for an account that can take it. */
export interface Signed {
  ok: true;
  /** Normalised account id. */
  accountId: string;
  readiness: Extract<Readiness, { link: true }>;
  delivery: Delivery;
  /** Undefined when it is no JSON. */
  body: unknown;
}

/** Why a request is not looked into. */
export interface Unsigned {
  ok: false;
  reason: string;
}

/**
 * Finds out whether a request is ClickClack's, before anything of its body is read but the bytes. Only what the signature
 * covers is ever believed.
 */
export async function readSigned(c: Context<AppEnv>, kind: CallbackKind): Promise<Signed | Unsigned> {
  const loaded = configOf(c.env);
  if (!loaded.ok) return refuse("not_configured");
  const accountId = normalizeAccountId(c.req.param("account") ?? "");
  if (!loaded.config.accounts.has(accountId)) return refuse("unknown_account");
  const readiness = readinessOf(loaded, accountId);
  if (!readiness.link) return refuse("not_configured");

  const secrets = readiness.account.callbacks[kind];
  if (secrets.current.length + secrets.next.length === 0) return refuse("no_secret");
  const signature = c.req.header("x-clickclack-signature");
  const headers = { timestamp: c.req.header("x-clickclack-timestamp"), signature };
  const { callbackWindowMs } = readiness.config.edge;
  const fault = headerFault(headers, callbackWindowMs, Date.now());
  if (fault !== undefined) return refuse(fault);
  const bytes = new Uint8Array(await c.req.arrayBuffer());
  const verified = await verify({ ...headers, body: bytes }, secrets, callbackWindowMs, Date.now());
  if (!verified.ok) return verified;
  const body = parseJson(new TextDecoder().decode(bytes));
  const delivery = { secret: verified.secret, signature: signature ?? "" };
  return { ok: true, accountId, readiness, delivery, body };
}

function refuse(reason: string): Unsigned {
  return { ok: false, reason };
}
