import { type Call, type Reply, segmentsOf } from "./http-call.ts";

export type Handler = (call: Call) => Reply | Promise<Reply>;

export interface Route {
  method: string;
  /** As declared: what a log or a 501 calls the operation. */
  pattern: string;
  segments: string[];
  handler: Handler;
}

/** `/sites/{name}[/slots/{slot}]/x` stands for two paths, with and without the bracketed part. */
function variants(pattern: string): string[] {
  const optional = /^([^[]*)\[([^\]]*)\](.*)$/.exec(pattern);
  if (optional === null) return [pattern];
  const [, before = "", inner = "", after = ""] = optional;
  return [...variants(before + after), ...variants(before + inner + after)];
}

/** `segmentsOf` would decode the pattern; a pattern is plain text. */
function patternSegments(pattern: string): string[] {
  return pattern.split("/").filter(Boolean);
}

function bind(pattern: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const name = /^\{(\*?)(.+)\}$/.exec(part);
    if (name?.[1] === "*") return { ...params, [name[2] ?? ""]: path.slice(index).join("/") };
    const segment = path[index];
    if (segment === undefined) return undefined;
    if (name !== null) params[name[2] ?? ""] = segment;
    else if (part.toLowerCase() !== segment.toLowerCase()) return undefined;
  }
  return pattern.length === path.length ? params : undefined;
}

/**
 * Paths to handlers. Patterns are compared without case and tolerate doubled slashes: `{name}` takes one segment,
 * `{*rest}` all that follow, `[…]` is optional. Of several that fit, the one declared first answers.
 */
export class Routes {
  readonly #routes: Route[] = [];

  add(methods: string, pattern: string, handler: Handler): this {
    for (const method of methods.split("|"))
      for (const variant of variants(pattern))
        this.#routes.push({ method, pattern: variant, segments: patternSegments(variant), handler });
    return this;
  }

  /** The route for a method and path, with its parameters; HEAD falls back to GET. */
  find(method: string, path: string): { route: Route; params: Record<string, string> } | undefined {
    const segments = segmentsOf(path);
    const wanted = method === "HEAD" ? ["HEAD", "GET"] : [method];
    for (const route of this.#routes) {
      if (route.method !== "*" && !wanted.includes(route.method)) continue;
      const params = bind(route.segments, segments);
      if (params !== undefined) return { route, params };
    }
    return undefined;
  }

  /** Methods known for a path, for a 405 or a hint in a 501. */
  methods(path: string): string[] {
    const segments = segmentsOf(path);
    return this.#routes.filter((route) => bind(route.segments, segments) !== undefined).map((route) => route.method);
  }
}
