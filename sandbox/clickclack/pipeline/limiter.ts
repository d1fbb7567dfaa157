import type { IncomingMessage } from "node:http";
import { trimSpace } from "../rules/text.ts";

/** A limit of so many attempts in a sliding window, for each key. */
export class SlidingWindow {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #attempts = new Map<string, number[]>();

  constructor(limit: number, windowMs: number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  /** Counts an attempt and says whether it is allowed; a refused one does not count. */
  allow(key: string, nowMs: number): boolean {
    const recent = (this.#attempts.get(key) ?? []).filter((at) => at > nowMs - this.#windowMs);
    const allowed = recent.length < this.#limit;
    if (allowed) recent.push(nowMs);
    this.#attempts.set(key, recent);
    return allowed;
  }
}

/**
 * Returns the address that a caller is counted under: its own, or what a proxy on this machine says, if its two headers
 * hold one address and agree.
 */
export function clientAddress(request: IncomingMessage): string {
  const peer = request.socket.remoteAddress ?? "";
  const real = trimSpace(String(request.headers["x-real-ip"] ?? ""));
  const forwarded = trimSpace(String(request.headers["x-forwarded-for"] ?? ""));
  return real !== "" && real === forwarded && !real.includes(",") ? real : peer;
}
