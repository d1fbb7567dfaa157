import { DEFAULT_ACCOUNT_ID, DEFAULT_TOKEN_VARIABLE, tokenVariable } from "./account-ids.ts";
import type { AccountSettings } from "./document.ts";
import type { AccountLayers } from "./layers.ts";
import type { Secret } from "./secret.ts";
import { readSecret, referTo, secretState, type Vault } from "./secrets.ts";
import type { Fault } from "./types.ts";
import { readBaseUrl } from "./url.ts";
import { variable } from "./variables.ts";

/** What an account reaches its workspace with; empty texts for what is at fault. */
export interface Connection {
  baseUrl: string;
  apiBaseUrl: string;
  workspace: string;
  token?: Secret;
}

/**
 * Reads where an account's ClickClack is and how it shows itself there.
 *
 * @param account its settings
 * @param vault where secrets come from
 * @param faults takes what is missing or cannot be used
 */
export function readConnection(account: AccountLayers, vault: Vault, faults: Fault[]): Connection {
  const baseUrl = readUrl(account, "baseUrl", faults);
  const workspace = account.values.workspace?.trim() ?? "";
  const token = readToken(account, vault, faults);
  if (baseUrl === undefined) {
    faults.push(notConfigured(account, "baseUrl", "set it to where people open ClickClack"));
  }
  if (workspace === "") {
    faults.push(notConfigured(account, "workspace", "set it to the workspace's id, slug or name"));
  }
  return {
    baseUrl: baseUrl ?? "",
    apiBaseUrl: readUrl(account, "apiBaseUrl", faults) ?? baseUrl ?? "",
    workspace,
    ...(token !== undefined && { token }),
  };
}

function notConfigured(
  { id, pathOf }: Pick<AccountLayers, "id" | "pathOf">,
  key: keyof AccountSettings,
  mend: string,
): Fault {
  return { path: pathOf(key), found: `ClickClack is not configured for account "${id}": no ${key}`, mend };
}

function readUrl(
  { values, pathOf }: AccountLayers,
  key: "baseUrl" | "apiBaseUrl",
  faults: Fault[],
): string | undefined {
  const text = values[key]?.trim();
  if (!text) return undefined;
  const read = readBaseUrl(text);
  if ("url" in read) return read.url;
  faults.push({ path: pathOf(key), ...read });
}

/** A file goes before a token, and the default account's variable comes last, when the document has neither. */
function readToken({ id, values, pathOf }: AccountLayers, vault: Vault, faults: Fault[]): Secret | undefined {
  const isDefault = id === DEFAULT_ACCOUNT_ID;
  const usualName = tokenVariable(id);
  if (values.tokenFile?.trim()) {
    const found = "a file, and a Worker has no files";
    faults.push({ path: pathOf("tokenFile"), found, mend: `remove it; for token, ${referTo(usualName)}` });
    return undefined;
  }
  const written = readSecret(values.token, pathOf("token"), usualName, vault);
  const fallback = isDefault ? variable(vault.variables, DEFAULT_TOKEN_VARIABLE) : undefined;
  const read =
    written.state === "missing" && fallback !== undefined ? secretState(fallback, pathOf("token")) : written;
  if (read.state === "available") return read.secret;
  faults.push(
    read.state === "missing" ? notConfigured({ id, pathOf }, "token", referTo(usualName)) : read.fault,
  );
}
