import type { AnyRoute } from "./route.ts";

/** What a method and a path lead to. */
export type Match =
  | { readonly kind: "route"; readonly route: AnyRoute; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: "method_not_allowed"; readonly allowed: readonly string[] }
  | { readonly kind: "not_found" };

interface Compiled {
  readonly route: AnyRoute;
  readonly pattern: RegExp;
}

/**
 * Returns a function that finds the endpoint of a request. A literal path goes before one with parameters.
 *
 * Segments are matched as they are on the wire: ClickClack does not decode them, only the emoji of a reaction.
 */
export function router(routes: readonly AnyRoute[]): (method: string, path: string) => Match {
  const compiled = routes.map(compile).sort((a, b) => parameterCount(a) - parameterCount(b));
  return (method, path) => {
    const matching = compiled.filter(({ pattern }) => pattern.test(path));
    if (matching.length === 0) return { kind: "not_found" };
    const found = matching.find(({ route }) => route.method === method);
    if (found === undefined)
      return { kind: "method_not_allowed", allowed: matching.map(({ route }) => route.method) };
    return { kind: "route", route: found.route, params: { ...found.pattern.exec(path)?.groups } };
  };
}

function compile(route: AnyRoute): Compiled {
  return { route, pattern: new RegExp(`^${route.path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`) };
}

function parameterCount({ route }: Compiled): number {
  return route.path.split(":").length;
}
