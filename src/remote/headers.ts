import type { Secret } from "../config/secret.ts";
import type { AccessToken } from "../config/types.ts";

/** A server that is called in our own name. */
export interface Remote {
  /** Base URL without a trailing slash; may have a path. */
  url: string;
  token: Secret;
  /** For an access proxy in front of it. */
  access?: AccessToken | undefined;
}

/**
 * Headers of every call to a remote. The scheme word is exactly `Bearer`: ClickClack takes `bearer` for no token at all.
 *
 * @param more the call's own headers
 */
export function remoteHeaders(remote: Remote, more: Record<string, string> = {}): Headers {
  const headers = new Headers({
    authorization: `Bearer ${remote.token.reveal()}`,
    "user-agent": "clickclack-edge",
    ...more,
  });
  if (remote.access !== undefined) {
    headers.set("cf-access-client-id", remote.access.clientId.reveal());
    headers.set("cf-access-client-secret", remote.access.clientSecret.reveal());
  }
  return headers;
}
