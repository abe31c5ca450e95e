/** The query services: Application Insights by app id, Log Analytics by workspace id, each with tokens of its own. */
import { randomUUID } from "node:crypto";
import { can } from "../arm/rbac.ts";
import type { World } from "../arm/world.ts";
import type { Entra } from "../entra.ts";
import { type Call, type Ground, listen, type Reply, ReplyError, Routes, type Service } from "../http.ts";
import { timespanOf } from "./iso-time.ts";
import { evaluate } from "./kql/evaluate.ts";
import { KqlFault } from "./kql/fault.ts";
import { printed, type Table } from "./kql/values.ts";
import { tablesAt } from "./tables.ts";
import type { Telemetry } from "./telemetry.ts";

export interface QueryServiceOptions {
  kind: "app-insights" | "log-analytics";
  entra: Entra;
  world: World;
  telemetry: Telemetry;
}

export interface QueryService {
  readonly service: Service;
  /** The app id or the workspace id. */
  readonly id: string;
  /** Assign to answer with part of the data and a `PartialError`, as after a shard's failure. */
  partial: boolean;
  /** Queries of one principal in half a minute, beyond which it answers 429. */
  limit: number;
}

const KINDS = {
  "app-insights": {
    path: "/v1/apps/{id}/query",
    audiences: ["https://api.applicationinsights.io"],
    resource: "Microsoft.Insights/components",
    action: "Microsoft.Insights/components/query/read",
    missing: "AppNotFoundError",
  },
  "log-analytics": {
    path: "/v1/workspaces/{id}/query",
    audiences: ["https://api.loganalytics.io", "https://api.loganalytics.azure.com"],
    resource: "Microsoft.OperationalInsights/workspaces",
    action: "Microsoft.OperationalInsights/workspaces/query/read",
    missing: "WorkspaceNotFoundError",
  },
} as const;

/** Half a minute, in which 200 queries of one user are allowed. Source: Azure Monitor's service limits. */
const WINDOW = 30_000;

function refusal(
  status: number,
  code: string,
  message: string,
  more: object = {},
  headers: Reply["headers"] = {},
): Reply {
  return { status, headers, body: { error: { message, code, correlationId: randomUUID(), ...more } } };
}

const refuse = (...args: Parameters<typeof refusal>): never => {
  throw new ReplyError(refusal(...args));
};

export async function startQueryService(ground: Ground, options: QueryServiceOptions): Promise<QueryService> {
  const { kind, entra } = options;
  const { path, audiences } = KINDS[kind];
  for (const audience of audiences) entra.resources.add(audience);
  const state = { id: randomUUID(), partial: false, limit: 200 };
  const asked = new Map<string, number[]>();
  const handle = async (call: Call): Promise<Reply> => {
    const principal = await admit(call, options, state.id);
    throttle(asked, principal, state.limit);
    return answer(call, options, state.partial);
  };
  const service = await listen(ground, { kind, routes: new Routes().add("POST|GET", path, handle) });
  return Object.assign(state, { service });
}

async function admit(call: Call, { kind, entra, world }: QueryServiceOptions, id: string): Promise<string> {
  const { audiences, resource, action, missing } = KINDS[kind];
  const verified = await entra.verify(call.bearer(), new Set(audiences));
  if (!verified.valid) {
    // Statuses and codes: "Azure Monitor Log Analytics API errors" of Microsoft's documentation.
    if (verified.why === "missing")
      refuse(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.");
    if (verified.why === "expired")
      refuse(401, "ExpiredAuthenticationToken", "The access token expiry UTC time is earlier than current UTC time.");
    return refuse(
      403,
      verified.why === "audience" ? "InvalidAuthenticationTokenAudience" : "InvalidAuthenticationToken",
      "The access token is invalid.",
    );
  }
  const { objectId } = verified.principal;
  call.log.principal = objectId;
  if (call.param("id").toLowerCase() !== id) refuse(404, missing, "The requested resource was not found");
  const [group] = world.resourceGroups;
  const scope = `/subscriptions/${group?.subscriptionId}/resourceGroups/${group?.name}/providers/${resource}/auction`;
  if (!can(world, objectId, action, scope)) {
    const text = "The provided credentials have insufficient access to perform the requested operation";
    refuse(403, "InsufficientAccessError", text);
  }
  return objectId;
}

function throttle(asked: Map<string, number[]>, principal: string, limit: number): void {
  const now = Date.now();
  const recent = (asked.get(principal) ?? []).filter((at) => at > now - WINDOW);
  asked.set(principal, [...recent, now]);
  if (recent.length < limit) return;
  const retryAfter = Math.ceil(((recent[0] ?? now) + WINDOW - now) / 1000);
  refuse(429, "ThrottledError", "The request was throttled: too many queries", {}, { "retry-after": retryAfter });
}

async function answer(call: Call, { kind, telemetry }: QueryServiceOptions, partial: boolean): Promise<Reply> {
  const now = Date.now();
  const { query, timespan } = await asking(call);
  const span = timespan === undefined ? ([0, Number.POSITIVE_INFINITY] as const) : timespanOf(timespan, now);
  if (!span) return refusal(400, "BadArgumentError", "The timespan parameter is invalid");
  try {
    const table = evaluate(query, tablesAt(telemetry, kind === "app-insights", now, span), now);
    return { status: 200, body: { tables: [primary(table)], ...(partial && { error: PARTIAL }) } };
  } catch (error) {
    if (error instanceof KqlFault) return faulty(query, error);
    throw error;
  }
}

async function asking(call: Call): Promise<{ query: string; timespan: string | undefined }> {
  const body = call.method === "GET" ? undefined : await call.json();
  const fields = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const query = fields.query ?? call.query.get("query");
  if (typeof query !== "string" || query.trim() === "")
    return refuse(400, "BadArgumentError", "The request had some invalid properties: query is missing");
  const timespan = fields.timespan ?? call.query.get("timespan");
  return { query, timespan: typeof timespan === "string" ? timespan : undefined };
}

const PARTIAL = {
  code: "PartialError",
  message: "There were some errors when processing your query.",
  details: [{ code: "EngineError", message: "Something went wrong processing your query on the server." }],
};

function primary({ columns, rows }: Table): object {
  return {
    name: "PrimaryResult",
    columns,
    rows: rows.map((row) => columns.map(({ type }, index) => printed(row[index] ?? null, type))),
  };
}

function faulty(query: string, { kind, message, position }: KqlFault): Reply {
  const before = query.slice(0, position).split("\n");
  const place = { line: before.length, pos: before.at(-1)?.length ?? 0 };
  const code = kind === "SyntaxError" ? "SYN0002" : "SEM0100";
  const said = kind === "SyntaxError" ? "A recognition error occurred in the query." : "A semantic error occurred.";
  const innererror = { code: kind, message: said, innererror: { code, message, ...place } };
  return refusal(400, "BadArgumentError", "The request had some invalid properties", { innererror });
}
