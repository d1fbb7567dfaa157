import type * as z from "zod";
import type { ProblemCode } from "../src/http/problem.ts";

/** Who may call an operation. */
export type Security = "api" | "admin" | "clickclack" | "anybody";

/** Something in a path or a header. */
export interface Parameter {
  name: string;
  in: "path" | "header";
  description: string;
  schema: z.core.$ZodType;
  /** Parts of a path always are. */
  required?: boolean;
  example?: string;
}

/** A request's body. */
export interface Body {
  description: string;
  schema: z.core.$ZodType;
  examples: Record<string, { summary: string; value: unknown }>;
}

/** Headers that an answer has, by name, and what they say. */
type Headers = Record<string, string>;

/** An answer that is no error. */
export interface Answer {
  description: string;
  headers?: Headers;
  /** Absent for an answer without a body. */
  content?:
    | { type: "application/json"; schema: z.core.$ZodType; example: unknown }
    | { type: "text/plain" | "text/event-stream"; example: string };
}

/** One operation, before it is written as OpenAPI has it. */
export interface Operation {
  id: string;
  method: "get" | "post";
  /** As OpenAPI writes it, with names in braces. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  security: Security;
  parameters?: readonly Parameter[];
  body?: Body;
  answers: Record<number, Answer>;
  /** The error codes that it may answer with. */
  problems: readonly ProblemCode[];
}

/** What is true of everything that wants a token and the configuration. */
export const TOKEN_PROBLEMS = ["unauthorized", "not_configured", "internal"] as const satisfies ProblemCode[];
