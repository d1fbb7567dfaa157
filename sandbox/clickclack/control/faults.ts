import { z } from "zod";
import { badRequest } from "../errors.ts";
import type { Fault, FaultRule } from "../pipeline/faults.ts";
import type { ControlRoute } from "./router.ts";

const FaultShape: z.ZodType<Fault> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("delay"), ms: z.number().nonnegative() }),
  z.strictObject({ kind: z.enum(["hang", "drop", "drop_after_commit"]) }),
  z.strictObject({
    kind: z.literal("status"),
    status: z.int().min(200).max(599),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).exactOptional(),
  }),
  z.strictObject({ kind: z.literal("html"), status: z.int().min(200).max(599) }),
]) as z.ZodType<Fault>;

const Order = z.strictObject({
  workspace_id: z.string().optional(),
  user_id: z.string().optional(),
  method: z.string().optional(),
  path: z.string().refine(isPattern, "must be a regular expression").optional(),
  times: z.int().positive().default(1),
  fault: FaultShape,
});

/** Orders faults, shows how often each was met, and takes them back. */
export const faultRoutes: readonly ControlRoute[] = [
  [
    "POST",
    "faults",
    ({ world, body }) => {
      const order = Order.safeParse(body);
      if (!order.success) throw badRequest(z.prettifyError(order.error));
      const { fault, times, ...target } = order.data;
      return { id: world.faults.add(target, fault, times).id };
    },
  ],
  ["GET", "faults", ({ world }) => ({ faults: world.faults.list() })],
  ["DELETE", "faults", ({ world, id, query }) => ({ removed: world.faults.remove(isMeant(id, query)) })],
];

/** One fault by its id, those of a user or a workspace, or all. */
function isMeant(id: string | undefined, query: URLSearchParams): (rule: FaultRule) => boolean {
  const userId = query.get("user_id") ?? undefined;
  const workspaceId = query.get("workspace_id") ?? undefined;
  return (rule) =>
    (id === undefined || rule.id === id) &&
    (userId === undefined || rule.user_id === userId) &&
    (workspaceId === undefined || rule.workspace_id === workspaceId);
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}
