import * as z from "zod";
import type { Gateway } from "../../src/config/types.ts";
import { parseJson } from "../../src/domain/json.ts";
import { GATEWAY_REQUEST_TIMEOUT_MS } from "../../src/limits.ts";
import { errorText } from "../../src/observe/redact.ts";
import { classifyAnswer, failure, type GatewayFailure } from "../../src/openclaw/errors.ts";
import { Deadline } from "../../src/remote/deadline.ts";
import { type Remote, remoteHeaders } from "../../src/remote/headers.ts";

const Models = z.object({ data: z.array(z.object({ id: z.string() })) });

export type Agents = { ok: true; agents: string[] } | { ok: false; failure: GatewayFailure };

/**
 * The agents that a gateway has.
 *
 * @param access for an access proxy in front of it
 */
export async function agentsAt(gateway: Gateway, access?: Remote["access"]): Promise<Agents> {
  const deadline = new Deadline(GATEWAY_REQUEST_TIMEOUT_MS);
  try {
    const response = await fetch(`${gateway.url}/v1/models`, {
      headers: remoteHeaders({ ...gateway, access }),
      redirect: "manual",
      signal: deadline.signal,
    });
    if (!response.ok) return { ok: false, failure: await classifyAnswer(response) };
    const models = Models.safeParse(parseJson(await response.text())).data?.data;
    if (models === undefined)
      return {
        ok: false,
        failure: failure("not_openclaw", "unexpected answer of /v1/models", response.status),
      };
    const ids = models.map(({ id }) => id).filter((id) => id.startsWith("openclaw/"));
    // Listed whatever agents there are.
    const agents = ids.map((id) => id.slice("openclaw/".length)).filter((id) => id !== "default");
    return { ok: true, agents };
  } catch (error) {
    return { ok: false, failure: failure("unreachable", deadline.expired ?? errorText(error)) };
  } finally {
    deadline.end();
  }
}
