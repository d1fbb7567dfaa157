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

  /** @param dueAt the earliest due time, Unix ms; undefined when nothing is due */
  arm(dueAt: number | undefined): void {
    if (dueAt === undefined || (this.#armedFor !== undefined && this.#armedFor <= dueAt)) return;
    this.#armedFor = dueAt;
    void this.#storage.setAlarm(dueAt);
  }

  /** The alarm has gone off: none is set now. */
  fired(): void {
    this.#armedFor = undefined;
  }
}
