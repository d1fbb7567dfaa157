/**
 * A secret value that cannot leave by accident: it prints, serialises and inspects as `[secret]`, and a structured
 * clone (RPC, storage) loses the value. Only {@link Secret.reveal} gives it out; call that where a header is built or a key made.
 */
export class Secret {
  readonly #value: string;

  /** @param value the secret itself */
  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }
}
