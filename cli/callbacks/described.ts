import { nextVariable, secretVariable } from "../../src/config/callbacks.ts";
import { checkDocument } from "../../src/config/check.ts";
import { interpolate } from "../../src/config/interpolate.ts";
import { parseDocument } from "../../src/config/parse.ts";
import type { Account, CallbackKind, Config } from "../../src/config/types.ts";
import type { Variables } from "../../src/config/variables.ts";
import { accountOf, type Document } from "../document.ts";
import { Problem } from "../problem.ts";

/** What the document says of one account. */
export interface Described {
  account: Account;
  access: Config["access"]["clickclack"];
  /**
   * The Worker secret of a kind, and the one that takes over from it.
   *
   * @throws {Problem} when the document has something else in its place
   */
  variables(kind: CallbackKind): { name: string; next: string };
}

/**
 * @param env what the document may name
 * @param wanted the account's id; the default account without one
 * @throws {Problem} when there is no such account
 */
export function describe({ text, config }: Document, env: Variables, wanted: string | undefined): Described {
  const account = accountOf(config, wanted);
  const { raw } = parseDocument(text);
  const { edge } = checkDocument(raw, interpolate(raw, env).value).document;
  return {
    account,
    access: config.access.clickclack,
    variables(kind) {
      const name = secretVariable(account.id, kind, edge?.accounts);
      if (name !== undefined) return { name, next: nextVariable(name) };
      throw new Problem(
        `edge.accounts.${account.id}.${kind}Secret of the document names no Worker secret, so there is none to put; remove it there`,
      );
    },
  };
}
