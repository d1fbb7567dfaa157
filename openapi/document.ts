import type { ProblemCode } from "../src/http/problem.ts";
import type { Answer, Operation, Parameter, Security } from "./operation.ts";
import { accounts } from "./operations/accounts.ts";
import { callbacks } from "./operations/callbacks.ts";
import { health } from "./operations/health.ts";
import { sends } from "./operations/sends.ts";
import { byStatus, MEANINGS, Problem } from "./problems.ts";
import { inlineSchema, namedSchemas } from "./schemas.ts";

export const OPERATIONS: readonly Operation[] = [...sends, ...accounts, ...health, ...callbacks];

const TAGS: Record<string, string> = {
  Sends: "Have a bot say something, and see what became of it.",
  Accounts: "What the bots are doing.",
  Messages: "Why a message was answered or not, and what to do about those that were given up.",
  Health: "For probes and for Prometheus.",
  Callbacks: "What ClickClack calls. Nobody else can: it signs them.",
};

const SCHEMES: Record<Exclude<Security, "anybody">, object> = {
  api: { type: "http", scheme: "bearer", description: "`EDGE_API_TOKEN`: sends and status" },
  admin: {
    type: "http",
    scheme: "bearer",
    description: "`EDGE_ADMIN_TOKEN`: acting on messages that were given up",
  },
  clickclack: {
    type: "apiKey",
    in: "header",
    name: "X-ClickClack-Signature",
    description:
      "`sha256=` and the HMAC-SHA256 in lower case hexadecimal digits, over `X-ClickClack-Timestamp`, a dot and the raw body, under the secret of the subscription or the slash command",
  },
};

/** Codes after which asking again later may help, and which may say when. */
const MAY_SAY_WHEN: readonly ProblemCode[] = [
  "too_many_attempts",
  "too_many_pending",
  "media_unavailable",
  "clickclack_unavailable",
];

const RETRY_AFTER = {
  description: "Seconds until it is worth asking again",
  schema: { type: "integer", minimum: 0 },
};

/**
 * The description of the whole API.
 *
 * @param version of the project
 */
export function describeApi(version: string) {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of OPERATIONS)
    paths[operation.path] = { ...paths[operation.path], [operation.method]: described(operation) };
  return {
    openapi: "3.1.1",
    info: {
      title: "clickclack-edge",
      version,
      summary: "OpenClaw agents as bots in ClickClack",
      description:
        "Times are Unix milliseconds. Errors are `application/problem+json` (RFC 9457): switch on `code`, which is stable. Any path that is none of these is answered with 404 `not_found`.",
    },
    servers: [{ url: "/", description: "The Worker that this description comes from" }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: { schemas: namedSchemas(), securitySchemes: SCHEMES },
  };
}

function described(operation: Operation): object {
  const { id, tag, summary, description, security, parameters, body } = operation;
  const examples = body && Object.entries(body.examples);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security: security === "anybody" ? [] : [{ [security]: [] }],
    ...(parameters !== undefined && { parameters: parameters.map(parameterOf) }),
    ...(body !== undefined && {
      requestBody: {
        description: body.description,
        required: true,
        content: {
          "application/json": {
            schema: inlineSchema(body.schema),
            examples: Object.fromEntries(examples ?? []),
          },
        },
      },
    }),
    responses: responsesOf(operation),
  };
}

function parameterOf({ name, in: place, description, schema, required, example }: Parameter): object {
  return {
    name,
    in: place,
    description,
    ...((required ?? place === "path") && { required: true }),
    schema: inlineSchema(schema),
    ...(example !== undefined && { example }),
  };
}

function responsesOf({ answers, problems }: Operation): Record<string, object> {
  const responses: Record<string, object> = {};
  for (const [status, answer] of Object.entries(answers)) responses[status] = responseOf(answer);
  for (const [status, codes] of byStatus(problems)) responses[status] = problemOf(status, codes);
  return responses;
}

function responseOf({ description, headers = {}, content }: Answer): object {
  const written = Object.entries(headers).map(([name, says]) => [
    name,
    { description: says, schema: { type: "string" } },
  ]);
  return {
    description,
    ...(written.length > 0 && { headers: Object.fromEntries(written) }),
    ...(content !== undefined && {
      content: {
        [content.type]: {
          schema: content.type === "application/json" ? inlineSchema(content.schema) : { type: "string" },
          example: content.example,
        },
      },
    }),
  };
}

function problemOf(status: number, codes: readonly ProblemCode[]): object {
  const headers = {
    ...(status === 401 && {
      "WWW-Authenticate": { description: "The scheme", schema: { type: "string" } },
    }),
    ...(codes.some((code) => MAY_SAY_WHEN.includes(code)) && { "Retry-After": RETRY_AFTER }),
  };
  return {
    description: codes.map((code) => `\`${code}\`: ${MEANINGS[code]}`).join("\n\n"),
    ...(Object.keys(headers).length > 0 && { headers }),
    content: {
      "application/problem+json": {
        schema: {
          allOf: [
            inlineSchema(Problem),
            { type: "object", properties: { status: { const: status }, code: { enum: codes } } },
          ],
        },
      },
    },
  };
}
