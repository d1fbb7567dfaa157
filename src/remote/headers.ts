import type { Secret } from "../config/secret.ts";
import type { AccessToken } from "../config/types.ts";

/** A server that is called in our own name. */
export interface Remote {
  /** Base URL without a trailing slash; may have a path. */
  url: string;
  token: Secret;
  /** For an access proxy in front of it. */
  access?: AccessToken | undefined;
  /**
   * Of the event that the calls follow from, so that the logs of both sides and of what is between them meet. One that
   * ClickClack would not take is left out.
   */
  correlationId?: string | undefined;
}

/** As ClickClack takes it: `internal/requestmeta/correlation.go`. */
const CORRELATION_ID = /^[A-Za-z0-9._:-]{1,128}$/;

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
  if (remote.correlationId !== undefined && CORRELATION_ID.test(remote.correlationId))
    headers.set("x-correlation-id", remote.correlationId);
  if (remote.access !== undefined) {
    headers.set("cf-access-client-id", remote.access.clientId.reveal());
    headers.set("cf-access-client-secret", remote.access.clientSecret.reveal());
  }
  return headers;
}
