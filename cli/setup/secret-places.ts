import { chmod, rm } from "node:fs/promises";
import type { Secret } from "../../src/config/secret.ts";
import type { Host } from "../host.ts";
import type { Finding } from "./check.ts";
import { withoutVariables, withVariables } from "./dev-vars.ts";
import { readIfThere, SECRET_MODE, writeWhole } from "./files.ts";
import type { SecretPlace } from "./flags.ts";
import { type Site, shown } from "./site.ts";
import { putSecrets } from "./wrangler.ts";

/** Where one secret is now. */
export interface Kept {
  name: string;
  in: readonly ("dev-vars" | "wrangler")[];
}

/** Puts secrets where they are wanted, and a claimed one into a file before that. */
export class Keeper {
  readonly #host: Host;
  readonly #path: string;
  readonly #before: string | undefined;
  readonly #isFile: boolean;
  readonly #isWorker: boolean;
  readonly #claimed = new Set<string>();
  #isDelivered = false;

  constructor(host: Host, site: Site, place: SecretPlace) {
    this.#host = host;
    this.#path = site.secretsPath;
    this.#before = site.secretsText;
    this.#isFile = place === "dev-vars" || place === "both";
    this.#isWorker = place === "wrangler" || place === "both";
  }

  /** Wherever the secrets go in the end: a code cannot be claimed twice. */
  async keepClaimed(name: string, token: Secret): Promise<void> {
    this.#claimed.add(name);
    await this.#write(new Map([[name, token]]));
  }

  /** Puts them into `.dev.vars`, if that is wanted. */
  async keep(secrets: ReadonlyMap<string, Secret>): Promise<void> {
    if (this.#isFile) await this.#write(secrets);
  }

  /** Gives them to the Worker, if that is wanted; then a claimed one goes out of the file again. */
  async deliver(secrets: ReadonlyMap<string, Secret>): Promise<Finding[]> {
    if (!this.#isWorker || secrets.size === 0) return [];
    const finding = await putSecrets(this.#host, secrets);
    this.#isDelivered = finding.ok;
    if (!finding.ok || this.#isFile || this.#claimed.size === 0) return [finding];
    const names = [...this.#claimed].join(", ");
    await this.#takeOutClaimed();
    return [{ ...finding, text: `${finding.text}; ${shown(this.#path)} no longer has ${names}` }];
  }

  places(secrets: ReadonlyMap<string, Secret>): Kept[] {
    return [...secrets.keys()].map((name) => {
      const isInFile = this.#isFile || this.#claimed.has(name);
      return {
        name,
        in: [
          ...(isInFile ? (["dev-vars"] as const) : []),
          ...(this.#isDelivered ? (["wrangler"] as const) : []),
        ],
      };
    });
  }

  /** What is left to do by hand. */
  advice(secrets: ReadonlyMap<string, Secret>): string[] {
    return this.places(secrets)
      .filter((kept) => kept.in.length === 0 && !this.#isWorker)
      .map(({ name }) => `npx wrangler secret put ${name}`);
  }

  /** Where to find a claimed token after something has gone wrong. */
  whereabouts(name: string): string {
    return `The bot's token is kept in ${shown(this.#path)}, as ${name}`;
  }

  async #write(secrets: ReadonlyMap<string, Secret>): Promise<void> {
    if (secrets.size === 0) return;
    const before = await readIfThere(this.#path);
    const text = withVariables(before ?? "", secrets);
    if (text !== before) await writeWhole(this.#path, text, { before, mode: SECRET_MODE });
    else await chmod(this.#path, SECRET_MODE);
  }

  async #takeOutClaimed(): Promise<void> {
    const text = await readIfThere(this.#path);
    if (text === undefined) return;
    const rest = withoutVariables(text, this.#claimed);
    this.#claimed.clear();
    if (rest === "" && this.#before === undefined) await rm(this.#path);
    else await writeWhole(this.#path, rest, { before: text, mode: SECRET_MODE });
  }
}
