/**
 * A value, and those who want to know when it becomes another.
 *
 * All of the page's state is held in a few of these. Values are replaced, never changed in place, so that views can
 * tell what is new by comparing with `===`.
 *
 * @template T
 */
export class Observable {
  /** @type {Set<(value: T) => void>} */
  #listeners = new Set();

  /** @param {T} value */
  constructor(value) {
    this.value = value;
  }

  /** @param {T} value */
  set(value) {
    if (value === this.value) return;
    this.value = value;
    for (const listener of this.#listeners) listener(value);
  }

  /** @param {(value: T) => T} change */
  update(change) {
    this.set(change(this.value));
  }

  /**
   * Calls the listener with the value now, and with every later one.
   *
   * @param {(value: T) => void} listener
   */
  watch(listener) {
    this.#listeners.add(listener);
    listener(this.value);
  }
}
