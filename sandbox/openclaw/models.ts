import type { Gateway } from "./gateway.ts";
import { Refusal } from "./respond.ts";

/**
 * `GET /v1/models`: agents, never provider models. The two default targets are listed even where there are several
 * agents and they cannot be used.
 */
export function listModels(gateway: Gateway): object {
  return { object: "list", data: modelIds(gateway).map(model) };
}

/**
 * `GET /v1/models/<id>`.
 *
 * @throws {Refusal} 404 for an id that is not listed
 */
export function findModel(gateway: Gateway, id: string): object {
  if (modelIds(gateway).includes(id)) return model(id);
  throw new Refusal(404, { error: { message: `Model '${id}' not found.`, type: "invalid_request_error" } });
}

function modelIds(gateway: Gateway): string[] {
  return ["openclaw", "openclaw/default", ...gateway.agents.map((agent) => `openclaw/${agent}`)];
}

function model(id: string): object {
  return { id, object: "model", created: 0, owned_by: "openclaw", permission: [] };
}
