import { badRequest } from "../errors.ts";
import { trimSpace } from "../rules/text.ts";

const FORM = "application/x-www-form-urlencoded";

/**
 * Returns the values of a form as Go's `FormValue` finds them: the first of each name, from the body before the query.
 * A body of another content type is not looked at, so its values are missing.
 *
 * @throws ApiError 400 for a body that is no form
 */
export function formValues(
  contentType: string,
  body: string,
  query: URLSearchParams,
): Record<string, string> {
  const [mediaType = ""] = contentType.split(";");
  const isForm = trimSpace(mediaType).toLowerCase() === FORM;
  const pairs = [...(isForm ? parse(body) : []), ...query];
  // The first of a name wins, and the last that is put into an object stays.
  return Object.fromEntries(pairs.reverse());
}

function parse(body: string): URLSearchParams {
  if (body.includes(";")) throw badRequest("invalid semicolon separator in query");
  const bad = /%(?![0-9A-Fa-f]{2}).{0,2}/.exec(body)?.[0];
  if (bad !== undefined) throw badRequest(`invalid URL escape "${bad}"`);
  return new URLSearchParams(body);
}
