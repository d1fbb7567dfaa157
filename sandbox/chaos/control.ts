/**
 * Calls a stand-in's control API.
 *
 * @param url of the stand-in
 * @param path under `/sandbox/`
 * @throws when it answers anything but a success
 */
export async function control<Answer = unknown>(
  url: string,
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(`${url}/sandbox/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok)
    throw new Error(`${method} /sandbox/${path} answered ${response.status}: ${await response.text()}`);
  return response.json() as Promise<Answer>;
}
