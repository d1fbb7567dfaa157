import { ALARM_LATE_MAX_MS } from "../limits.ts";

/**
 * The object's one alarm, set to the earliest of everything due. Each setting is a row written, so an alarm that already
 * comes early enough is left: it finds nothing to do and sets the next one.
 */
export class Schedule {
  readonly #storage: DurableObjectStorage;
  #armedFor: number | undefined;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Reads what an earlier life of the object has set: an alarm that is due before everything that is known now is not put off. */
  async load(): Promise<void> {
    this.#armedFor = (await this.#storage.getAlarm()) ?? undefined;
  }

  /** Whether an alarm is to come, or is late by no more than it may be. */
  isArmed(now: number): boolean {
    return this.#armedFor !== undefined && this.#armedFor > now - ALARM_LATE_MAX_MS;
  }

  /**
   * @param dueAt the earliest due time, Unix ms; undefined when nothing is due
   * @param now Unix ms; what is overdue is set for right after it
   */
  arm(dueAt: number | undefined, now: number): void {
    if (dueAt === undefined) return;
    if (this.isArmed(now) && this.#armedFor !== undefined && this.#armedFor <= dueAt) return;
    const at = Math.max(dueAt, now + 1);
    this.#armedFor = at;
    this.#storage.setAlarm(at).catch(() => {
      // Storage that cannot be written belongs to an instance that was replaced; the new one sets its own.
      this.#armedFor = undefined;
    });
  }

  /** The alarm has gone off: none is set now. */
  fired(): void {
    this.#armedFor = undefined;
  }
}
