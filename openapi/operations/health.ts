import { Health, Readiness } from "../answers/health.ts";
import { type Operation, TOKEN_PROBLEMS } from "../operation.ts";

export const health: readonly Operation[] = [
  {
    id: "getHealth",
    method: "get",
    path: "/healthz",
    tag: "Health",
    summary: "Whether the Worker lives",
    security: "anybody",
    answers: {
      200: {
        description: "It lives",
        content: { type: "application/json", schema: Health, example: { status: "ok" } },
      },
    },
    problems: [],
  },
  {
    id: "getReadiness",
    method: "get",
    path: "/readyz",
    tag: "Health",
    summary: "Whether messages come in",
    description:
      "For every enabled account, over its connection or by its sweeps, with nothing that keeps its callbacks from being checked.",
    security: "anybody",
    answers: {
      200: {
        description: "They do",
        content: {
          type: "application/json",
          schema: Readiness,
          example: { ready: true, accounts: { scout: { ready: true }, sage: { ready: true } } },
        },
      },
      503: {
        description: "They do not for some account, or the configuration has faults",
        content: {
          type: "application/json",
          schema: Readiness,
          example: {
            ready: false,
            accounts: { scout: { ready: true }, sage: { ready: false, reason: "refused: unauthorized" } },
          },
        },
      },
    },
    problems: ["internal"],
  },
  {
    id: "getMetrics",
    method: "get",
    path: "/metrics",
    tag: "Health",
    summary: "What the accounts are doing, for Prometheus",
    security: "api",
    answers: {
      200: {
        description: "Prometheus' text format, version 0.0.4",
        content: {
          type: "text/plain",
          example:
            '# HELP clickclack_edge_up Whether the account\'s object answers.\n# TYPE clickclack_edge_up gauge\nclickclack_edge_up{account="scout"} 1\n',
        },
      },
    },
    problems: TOKEN_PROBLEMS,
  },
];
