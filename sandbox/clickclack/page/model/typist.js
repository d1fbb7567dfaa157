const RENEW_MS = 4_000;
const IDLE_MS = 5_000;

/**
 * Tells others that the person is writing: at the first key, every few seconds while it goes on, and when it ends.
 *
 * @template Target
 */
export class Typist {
  #signal;
  #toldAt = 0;
  /** Where the sign stands. It must be ended there, even when the person has already gone elsewhere. @type {Target | undefined} */
  #target;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #idle;

  /** @param {(type: "typing.started" | "typing.stopped", target: Target) => Promise<void>} signal */
  constructor(signal) {
    // A sign that is lost is no harm, so failures are kept quiet.
    this.#signal = (/** @type {"typing.started" | "typing.stopped"} */ type, /** @type {Target} */ target) =>
      void signal(type, target).catch(() => {});
  }

  /** @param {Target} target */
  write(target) {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.stop(), IDLE_MS);
    if (this.#target !== undefined && Date.now() - this.#toldAt < RENEW_MS) return;
    this.#target = target;
    this.#toldAt = Date.now();
    this.#signal("typing.started", target);
  }

  stop() {
    clearTimeout(this.#idle);
    if (this.#target === undefined) return;
    this.#signal("typing.stopped", this.#target);
    this.#target = undefined;
  }
}
