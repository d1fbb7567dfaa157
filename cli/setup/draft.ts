import { interpolate } from "../../src/config/interpolate.ts";
import { Secret } from "../../src/config/secret.ts";
import { type Variables, variable } from "../../src/config/variables.ts";
import { Json5Document } from "./json5-document.ts";

/** `${NAME}` as the whole text: what stands there is the variable's to say. */
const WHOLE_REFERENCE = /^\$\{([A-Z_][A-Z0-9_]*)\}$/;

const REFERENCE = /\$(\$?)\{([A-Z_][A-Z0-9_]*)\}/g;

/** A document in the making, with the secrets that go beside it and what is to be said about both. */
export class Draft {
  readonly document: Json5Document;
  readonly secrets = new Map<string, Secret>();
  readonly notes: string[] = [];
  readonly #variables: Variables;

  constructor(text: string, variables: Variables) {
    this.document = new Json5Document(text);
    this.#variables = variables;
  }

  get text(): string {
    return this.document.text;
  }

  /** As written. */
  get(path: readonly string[]): unknown {
    return this.document.get(path);
  }

  /** A setting of an account, its own or the channel's, with its variables filled in. Blank is unset. */
  effective(home: readonly string[], key: string): unknown {
    const own = this.filled([...home, key]);
    const value = own === undefined ? this.filled(["channels", "clickclack", key]) : own;
    return typeof value === "string" && value.trim() === "" ? undefined : value;
  }

  /** What stands at a place, with its variables filled in. */
  filled(path: readonly string[]): unknown {
    return interpolate(this.get(path), this.allVariables()).value;
  }

  /** Sets a value. Where `${NAME}` stands, that stays, and the variable gets the value. */
  set(path: readonly string[], value: unknown): void {
    const now = this.get(path);
    const name = typeof now === "string" ? WHOLE_REFERENCE.exec(now.trim())?.[1] : undefined;
    if (name !== undefined && typeof value === "string") this.secrets.set(name, new Secret(value));
    else this.document.set(path, value);
  }

  /** Has a variable go where the secrets go, if it has a value: the Worker needs it as much. */
  bring(name: string): void {
    const value = this.variable(name);
    if (value !== undefined) this.secrets.set(name, new Secret(value));
  }

  /** The same for all that are named in texts at a place or within it. */
  bringAllOf(path: readonly string[], except?: string): void {
    const look = (value: unknown): void => {
      if (typeof value === "string")
        for (const [, escaped, name = ""] of value.matchAll(REFERENCE)) if (!escaped) this.bring(name);
      if (typeof value === "object" && value !== null)
        for (const [key, inner] of Object.entries(value)) if (key !== except) look(inner);
    };
    look(this.get(path));
  }

  note(text: string): void {
    this.notes.push(text);
  }

  variable(name: string): string | undefined {
    return variable(this.allVariables(), name);
  }

  /** The variables that there are, and those that are going to be. */
  allVariables(): Variables {
    const added = [...this.secrets].map(([name, secret]) => [name, secret.reveal()]);
    return { ...this.#variables, ...Object.fromEntries(added) };
  }
}
