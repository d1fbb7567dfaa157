import { Secret } from "../../src/config/secret.ts";
import type { Draft } from "./draft.ts";
import { allow, refer, variableIn } from "./token-setting.ts";
import type { Wanted } from "./wanted.ts";

const URL_PATH = ["gateway", "remote", "url"];
const TOKEN_PATH = ["gateway", "remote", "token"];
const URL_VARIABLE = "OPENCLAW_GATEWAY_URL";
const TOKEN_VARIABLE = "OPENCLAW_GATEWAY_TOKEN";

/** Makes the document name the gateway and the secret with its token. */
export function setGateway(draft: Draft, { gatewayUrl, gatewayToken }: Wanted): void {
  const url = draft.filled(URL_PATH) ?? draft.variable(URL_VARIABLE);
  if (gatewayUrl !== undefined && url !== gatewayUrl) draft.set(URL_PATH, gatewayUrl);
  if (draft.get(URL_PATH) === undefined) draft.bring(URL_VARIABLE);

  const written = draft.get(TOKEN_PATH);
  const named = variableIn(written);
  const plain = named === undefined && typeof written === "string" ? written.trim() : "";
  const name = named ?? TOKEN_VARIABLE;
  const known = plain === "" ? draft.variable(name) : plain;
  const token = gatewayToken ?? (known === undefined ? undefined : new Secret(known));
  if (token === undefined) return;
  draft.secrets.set(name, token);
  allow(draft, name);
  // A document that says nothing of the gateway leaves it to both variables.
  const isSaid = draft.get(URL_PATH) !== undefined || written !== undefined;
  if (named === undefined && isSaid) refer(draft, TOKEN_PATH, name);
  if (plain !== "")
    draft.note(
      `${TOKEN_PATH.join(".")} held the token itself; it is in ${name} now. Who has seen the file has seen it`,
    );
}
