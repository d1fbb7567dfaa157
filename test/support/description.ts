import * as z from "zod";
import description from "../../public/openapi.json";

type Schema = z.core.JSONSchema.BaseSchema;

interface Content {
  schema: Schema;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

interface Response {
  description: string;
  headers?: Record<string, unknown>;
  content?: Record<string, Content>;
}

/** An operation as the description has it. */
export interface Described {
  operationId: string;
  security: Record<string, []>[];
  parameters?: { name: string; in: string; schema: Schema; example?: unknown }[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, Response>;
  /** In capitals. */
  method: string;
  /** With names in braces. */
  path: string;
}

const SCHEMAS = description.components.schemas as unknown as Record<string, Schema>;

/** Every operation of the description. */
export const DESCRIBED: readonly Described[] = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    ...(operation as unknown as Omit<Described, "method" | "path">),
    method: method.toUpperCase(),
    path,
  })),
);

/** The operation that a request is one of; undefined for none. */
export function operationOf(method: string, pathname: string): Described | undefined {
  const parts = pathname.split("/");
  return DESCRIBED.find((operation) => {
    const described = operation.path.split("/");
    return (
      operation.method === method &&
      described.length === parts.length &&
      described.every((part, index) => part.startsWith("{") || part === parts[index])
    );
  });
}

/**
 * Holds a value against a schema of the description.
 *
 * @param strictly also against fields that it does not speak of: answers may get more of them, but not before they are
 *   described
 * @returns what is wrong, empty when nothing is
 */
export function faultsOf(schema: Schema, value: unknown, strictly = true): string[] {
  // Put together as one, they would let pass what only one of them knows nothing of.
  const parts = (schema.allOf as Schema[] | undefined) ?? [schema];
  return parts.flatMap((part) => {
    const { error } = checkerOf(part, strictly).safeParse(value);
    return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
  });
}

/** Holds an answer against what is described for it. The response can still be read. */
export async function faultsOfAnswer(operation: Described, response: globalThis.Response): Promise<string[]> {
  const { operationId, responses } = operation;
  const described = responses[response.status];
  if (described === undefined) return [`${operationId} answered ${response.status}, which is not described`];
  // A stream may have no end.
  const type = response.headers.get("content-type");
  const isRead = described.content === undefined || type?.includes("json") === true;
  const text = isRead ? await response.clone().text() : "";
  const headers = Object.keys(described.headers ?? {});
  const silent = headers.filter((name) => !MAY_BE_ABSENT.includes(name) && !response.headers.has(name));
  const where = `${operationId} ${response.status}`;
  return [
    ...silent.map((name) => `${where}: ${name} is not there`),
    ...bodyFaults(described.content, type, text).map((fault) => `${where}: ${fault}`),
  ];
}

/** Holds a request that was taken against what is described: nothing else may be. */
export function faultsOfRequest({ operationId, requestBody }: Described, body: string): string[] {
  const schema = requestBody?.content["application/json"]?.schema;
  if (schema === undefined) return [];
  return faultsOf(schema, JSON.parse(body), false).map((fault) => `${operationId} took: ${fault}`);
}

const MAY_BE_ABSENT = ["Retry-After", "Preference-Applied"];

function bodyFaults(content: Response["content"], type: string | null, text: string): string[] {
  if (content === undefined) return text === "" ? [] : ["there should be no body"];
  const found = content[type?.split(";")[0] ?? ""];
  if (found === undefined) return [`the content type is ${type}`];
  return type?.includes("json") ? faultsOf(found.schema, JSON.parse(text)) : [];
}

/** By schema, for answers and for requests: making one takes longer than using it. */
const checkers = { strict: new WeakMap<Schema, z.ZodType>(), lax: new WeakMap<Schema, z.ZodType>() };

function checkerOf(schema: Schema, strictly: boolean): z.ZodType {
  const known = strictly ? checkers.strict : checkers.lax;
  const found = known.get(schema);
  if (found !== undefined) return found;
  const text = JSON.stringify({ ...schema, $defs: SCHEMAS }).replaceAll("#/components/schemas/", "#/$defs/");
  const whole: unknown = JSON.parse(text);
  const checker = z.fromJSONSchema((strictly ? closed(whole) : whole) as Schema);
  known.set(schema, checker);
  return checker;
}

/** The same schema without room for fields that it does not name. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  // What requires nothing is a part of a whole, and says nothing of the rest.
  const isOpen = "properties" in inner && "required" in inner && !("additionalProperties" in inner);
  return isOpen ? { ...inner, additionalProperties: false } : inner;
}
