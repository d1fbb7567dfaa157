import { dirname, join, relative, resolve } from "node:path";
import { parseEnv } from "node:util";
import { DEFAULT_ACCOUNT_ID, tokenVariable } from "../../src/config/account-ids.ts";
import { loadConfig } from "../../src/config/load.ts";
import { parseDocument } from "../../src/config/parse.ts";
import { Secret } from "../../src/config/secret.ts";
import type { Account, Config } from "../../src/config/types.ts";
import { type Variables, variable } from "../../src/config/variables.ts";
import type { Host } from "../host.ts";
import { Problem } from "../problem.ts";
import { placeOf } from "./account-place.ts";
import { readIfThere } from "./files.ts";
import { Json5Document } from "./json5-document.ts";
import { variableIn } from "./token-setting.ts";

const DOCUMENT_FILE = "openclaw.json5";
const SECRETS_FILE = ".dev.vars";
const NEW_DOCUMENT = "{}\n";

/** What is there before setup does anything: the document, and the secrets beside it. */
export class Site {
  readonly documentPath: string;
  readonly secretsPath: string;
  /** As it stands on the disk; undefined when there is no file. */
  readonly documentText: string | undefined;
  readonly secretsText: string | undefined;
  /** Those of the environment over those of `.dev.vars`. */
  readonly variables: Variables;
  readonly #stored: Variables;
  readonly #config: Config | undefined;
  readonly #written: Json5Document;

  private constructor(path: string, texts: [string | undefined, string | undefined], env: Variables) {
    this.documentPath = path;
    this.secretsPath = secretsBeside(path);
    [this.documentText, this.secretsText] = texts;
    this.#stored = parseEnv(this.secretsText ?? "");
    this.variables = { ...this.#stored, ...env };
    this.#written = new Json5Document(this.text);
    const loaded = loadConfig(this.text, this.#stored);
    this.#config = loaded.ok ? loaded.config : undefined;
  }

  /**
   * @param given the value of `--config`
   * @throws {Problem} that says where the document's syntax is broken
   */
  static async read(
    { cwd, here, env }: Pick<Host, "cwd" | "here" | "env">,
    given: string | undefined,
  ): Promise<Site> {
    const path = given === undefined ? join(cwd, DOCUMENT_FILE) : resolve(here, given);
    const text = await readIfThere(path);
    const { raw, faults } = parseDocument(text ?? NEW_DOCUMENT);
    const [fault] = faults;
    if (fault !== undefined && raw === undefined)
      throw new Problem(`${shown(path)} has ${fault.found}; ${fault.mend}. Nothing was written`);
    if (typeof raw !== "object" || raw === null || Array.isArray(raw))
      throw new Problem(
        `${shown(path)} is no OpenClaw document, which is an object { … }. Nothing was written`,
      );
    return new Site(path, [text, await readIfThere(secretsBeside(path))], env);
  }

  /** The document. */
  get text(): string {
    return this.documentText ?? NEW_DOCUMENT;
  }

  /** Whether the Worker reads another document. */
  get isReplaced(): boolean {
    return variable(this.variables, "OPENCLAW_CONFIG") !== undefined;
  }

  /** Accounts that the document lists; `default` alone where it lists none. */
  get accountIds(): string[] {
    return [...(this.#config?.accounts.keys() ?? [DEFAULT_ACCOUNT_ID])];
  }

  /** The account that is meant when none is named; undefined where it could be one of several. */
  get usualAccountId(): string | undefined {
    const ids = this.accountIds;
    return ids.includes(DEFAULT_ACCOUNT_ID) || ids.length === 0 ? DEFAULT_ACCOUNT_ID : onlyOf(ids);
  }

  get gatewayUrl(): string | undefined {
    const url = this.#config?.gateway?.url;
    if (url !== undefined) return url;
    const loaded = loadConfig(this.text, { ...this.variables, ...this.#stand() });
    return loaded.ok ? loaded.config.gateway?.url : undefined;
  }

  get gatewayToken(): Secret | undefined {
    const written = this.#written.get(["gateway", "remote", "token"]);
    return this.#secret(written, "OPENCLAW_GATEWAY_TOKEN");
  }

  accountOf(id: string): Account | undefined {
    return this.#config?.accounts.get(id);
  }

  /** Whether the document and `.dev.vars` have all that an account connects with. */
  isKnown(id: string): boolean {
    const account = this.accountOf(id);
    return account?.token !== undefined && account.baseUrl !== "" && account.workspace !== "";
  }

  /** An account's token: of the environment, of `.dev.vars`, or of the document itself. */
  tokenOf(id: string): Secret | undefined {
    const name = this.tokenVariableOf(id);
    const value = variable(this.variables, name);
    return value === undefined ? this.accountOf(id)?.token : new Secret(value);
  }

  /** The Worker secret that an account's token is kept in. */
  tokenVariableOf(id: string): string {
    const written = this.#written.get([...placeOf(this.#written, id), "token"]);
    return variableIn(written) ?? tokenVariable(id);
  }

  /** A gateway counts only with both: its address is looked at without the token too. */
  #stand(): Variables {
    const name = variableIn(this.#written.get(["gateway", "remote", "token"])) ?? "OPENCLAW_GATEWAY_TOKEN";
    return this.variables[name] === undefined ? { [name]: "unknown" } : {};
  }

  #secret(written: unknown, usual: string): Secret | undefined {
    const named = variableIn(written);
    const value =
      named === undefined && typeof written === "string" && written.trim() !== ""
        ? written.trim()
        : variable(this.variables, named ?? usual);
    return value === undefined ? undefined : new Secret(value);
  }
}

function onlyOf(ids: readonly string[]): string | undefined {
  return ids.length === 1 ? ids[0] : undefined;
}

/** npm runs every script in the project's folder, and says where it was called. */
function whereItWasCalled(env: Host["env"]): string {
  return env.INIT_CWD ?? process.cwd();
}

/** A path as people name it: from where they are, if it is below. */
export function shown(path: string): string {
  const near = relative(whereItWasCalled(process.env), path);
  return near.startsWith("..") || near === "" ? path : near;
}

/** The Worker on this machine reads its secrets from beside its configuration. */
function secretsBeside(documentPath: string): string {
  return join(dirname(documentPath), SECRETS_FILE);
}
