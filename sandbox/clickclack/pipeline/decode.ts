import { badRequest } from "../errors.ts";
import type { Json } from "./go-json.ts";

/** Go's scalar types as request bodies use them; a `?` is a pointer, which tells "absent" from the zero value. */
interface Scalars {
  string: string;
  "string?": string | undefined;
  bool: boolean;
  "bool?": boolean | undefined;
  int64: number;
  strings: string[] | undefined;
  map: Record<string, Json> | undefined;
}

/** A struct inside a body; Go names its type in the texts of type errors. */
export interface Nested {
  readonly go: string;
  readonly fields: Shape;
  readonly list?: true;
}

/** The fields of a request body, by their JSON names. */
export interface Shape {
  readonly [name: string]: keyof Scalars | Nested;
}

type FieldValue<F> = F extends keyof Scalars
  ? Scalars[F]
  : F extends { readonly list: true; readonly fields: infer S extends Shape }
    ? Decoded<S>[] | undefined
    : F extends { readonly fields: infer S extends Shape }
      ? Decoded<S>
      : never;

/** What a body of this shape decodes to. */
export type Decoded<S extends Shape> = { -readonly [K in keyof S]: FieldValue<S[K]> };

const GO_TYPES: Readonly<Record<keyof Scalars, string>> = {
  string: "string",
  "string?": "string",
  bool: "bool",
  "bool?": "bool",
  int64: "int64",
  strings: "[]string",
  map: "map[string]interface {}",
};

/**
 * Decodes a JSON value into a body as Go does: unknown fields are ignored, names match whatever their case, `null` and
 * absent give the zero value.
 *
 * @throws ApiError 400 `json: cannot unmarshal …` for a value of the wrong type
 */
export function decodeBody<S extends Shape>(value: Json, shape: S): Decoded<S> {
  return decodeStruct(value, shape, "", []);
}

function decodeStruct<S extends Shape>(
  value: Json,
  shape: S,
  go: string,
  path: readonly string[],
): Decoded<S> {
  if (value !== null && (typeof value !== "object" || Array.isArray(value))) {
    throw mismatch(value, go === "" ? "struct" : `store.${go}`, "", path);
  }
  const given = new Map(Object.entries(value ?? {}).map(([name, item]) => [name.toLowerCase(), item]));
  const decoded = Object.entries(shape).map(([name, field]) => {
    const item = given.get(name.toLowerCase()) ?? null;
    return [name, decodeField(item, field, go, [...path, name])];
  });
  return Object.fromEntries(decoded) as Decoded<S>;
}

function decodeField(
  value: Json,
  field: keyof Scalars | Nested,
  go: string,
  path: readonly string[],
): unknown {
  if (typeof field === "string") return decodeScalar(value, field, go, path);
  if (field.list !== true) return decodeStruct(value, field.fields, field.go, path);
  if (value === null) return undefined;
  if (!Array.isArray(value)) throw mismatch(value, `[]store.${field.go}`, go, path);
  return value.map((item) => decodeStruct(item, field.fields, field.go, path));
}

function decodeScalar(value: Json, kind: keyof Scalars, go: string, path: readonly string[]): unknown {
  switch (kind) {
    case "string":
    case "string?":
      if (value === null) return kind === "string" ? "" : undefined;
      if (typeof value === "string") return value;
      break;
    case "bool":
    case "bool?":
      if (value === null) return kind === "bool" ? false : undefined;
      if (typeof value === "boolean") return value;
      break;
    case "int64":
      if (value === null) return 0;
      if (Number.isSafeInteger(value)) return value;
      break;
    case "strings":
      if (value === null) return undefined;
      if (Array.isArray(value)) return value.map((item) => decodeScalar(item, "string", go, path));
      break;
    case "map":
      if (value === null) return undefined;
      if (typeof value === "object" && !Array.isArray(value)) return value;
      break;
  }
  throw mismatch(value, GO_TYPES[kind], go, path);
}

function mismatch(value: Json, wanted: string, go: string, path: readonly string[]): Error {
  const into =
    path.length === 0 ? `value of type ${wanted}` : `struct field ${go}.${path.join(".")} of type ${wanted}`;
  return badRequest(`json: cannot unmarshal ${describe(value, wanted)} into Go ${into}`);
}

function describe(value: Json, wanted: string): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return wanted === "int64" ? `number ${value}` : "number";
  return typeof value === "boolean" ? "bool" : typeof value;
}
