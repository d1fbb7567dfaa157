import { badRequest } from "../errors.ts";
import { trimSpace } from "./text.ts";

const AUTHORITY = /^https?:\/\/([^/?#]+)/i;
const HOST = /^(?:\[[^\]]+\]|[^:\s"<>[\]]*)(?::\d*)?$/;

/**
 * Returns the URL of a callback, trimmed. Where it leads is not looked at: a wrong host shows when it is called.
 *
 * @throws ApiError 400 when there is none, or when it is no http or https URL with a host
 */
export function normalizeCallbackUrl(value: string): string {
  const url = trimSpace(value);
  if (url === "") throw badRequest("callback_url is required");
  const host = AUTHORITY.exec(url)?.[1]?.replace(/^.*@/, "") ?? "";
  if (host === "" || !HOST.test(host)) throw badRequest("callback_url must be an http or https URL");
  return url;
}
