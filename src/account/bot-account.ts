import { DurableObject } from "cloudflare:workers";
import { configOf } from "../config/current.ts";
import type { Env } from "../env.ts";
import { WATCHDOG_INTERVAL_MS } from "../limits.ts";
import { log } from "../observe/log.ts";
import { errorText } from "../observe/redact.ts";
import { Duties } from "./duties.ts";
import { type Readiness, readinessOf } from "./readiness.ts";
import { migrate } from "./schema.ts";
import type { SendOutcome, SendRequest } from "./send-outcome.ts";
import type { AccountStatus } from "./status.ts";

/**
 * One bot account: the shell around its duties. Named by account id. No method is called `connect` or `fetch`: a stub
 * keeps those names for itself.
 */
export class BotAccount extends DurableObject<Env> {
  #duties: Duties | undefined;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    migrate(state.storage);
  }

  /** Brings the account up unless it is up. Called every minute by the cron trigger. */
  ensure(): void {
    this.#onDuty((duties) => duties.tick());
  }

  /** Makes an outbound send. */
  async send(request: SendRequest): Promise<SendOutcome> {
    const ready = this.#ready();
    if (ready.send) return this.#dutiesOf(ready).send(request);
    return { kind: "refused", problem: { code: "not_configured", detail: ready.reason } };
  }

  /** What the account can say of itself; undefined when its configuration lets it do nothing. */
  status(): AccountStatus | undefined {
    const ready = this.#ready();
    return ready.send ? this.#dutiesOf(ready).status() : undefined;
  }

  /** Never throws: after six throws the alarm would be gone. */
  override async alarm(): Promise<void> {
    try {
      this.#onDuty((duties) => duties.alarm());
    } catch (error) {
      log({ event: "alarm:failed", account: this.#name, error: errorText(error) });
      await this.ctx.storage.setAlarm(Date.now() + WATCHDOG_INTERVAL_MS);
    }
  }

  /** Goes on with what the account does, or stops it when the configuration no longer lets it. */
  #onDuty(act: (duties: Duties) => void): void {
    const ready = this.#ready();
    if (ready.link) act(this.#dutiesOf(ready));
    else this.#duties?.stop(ready.reason);
  }

  #ready(): Readiness {
    return readinessOf(configOf(this.env), this.#name);
  }

  #dutiesOf({ account, config }: Extract<Readiness, { send: true }>): Duties {
    this.#duties ??= new Duties(this.ctx, account, config);
    return this.#duties;
  }

  get #name(): string {
    return this.ctx.id.name ?? "";
  }
}
