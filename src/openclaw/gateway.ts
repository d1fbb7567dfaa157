import type { AccessToken, Gateway } from "../config/types.ts";

/** The gateway, with what gets us through an access proxy in front of it. */
export interface GatewayPeer extends Gateway {
  access?: AccessToken | undefined;
}

/** Headers of every call. The bearer token is an owner's: OpenClaw knows no narrower one in token mode. */
export function gatewayHeaders(peer: GatewayPeer, more: Record<string, string> = {}): Headers {
  const headers = new Headers({
    authorization: `Bearer ${peer.token.reveal()}`,
    "user-agent": "clickclack-edge",
    ...more,
  });
  if (peer.access !== undefined) {
    headers.set("cf-access-client-id", peer.access.clientId.reveal());
    headers.set("cf-access-client-secret", peer.access.clientSecret.reveal());
  }
  return headers;
}
