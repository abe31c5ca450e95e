import { createHash } from "node:crypto";
import type { SlotHost } from "../hosting/slot-host.ts";
import { type Call, type Reply, ReplyError, type Routes } from "../http.ts";
import type { DeploymentRecord } from "../model.ts";
import { DeploymentStatus, logLine, type StoredDeployment, toLogEntries, toRecord } from "./deployment-history.ts";
import { locked } from "./scm-site.ts";

/** `/api/deployments…` and `/api/isdeploying`. */
export function addDeploymentRoutes(routes: Routes, host: SlotHost, pendingWhileLocked: boolean): void {
  const disguised = (record: DeploymentRecord): DeploymentRecord =>
    pendingWhileLocked && host.scm.isDeploying ? { ...record, status: DeploymentStatus.pending } : record;
  routes.add("GET", "/api/isdeploying", () => ({
    status: 200,
    body: { value: host.scm.isDeploying ? "True" : "False", msg: "" },
  }));
  routes.add("GET", "/api/deployments", (call) => list(call, host));
  routes.add("GET", "/api/deployments/latest", (call) => latest(call, host, pendingWhileLocked));
  routes.add("GET", "/api/deployments/{id}", (call) => ({
    status: 200,
    body: disguised(shown(found(call, host), call, host)),
  }));
  routes.add("PUT", "/api/deployments/{id}", (call) => put(call, host));
  routes.add("DELETE", "/api/deployments/{id}", (call) => remove(call, host));
  routes.add("GET", "/api/deployments/{id}/log", (call) => {
    const record = call.param("id") === "latest" ? host.scm.history.latest() : found(call, host);
    if (record === undefined) throw notFound("latest");
    return { status: 200, body: toLogEntries(record.log, record.id, call.origin) };
  });
  routes.add("GET", "/api/deployments/{id}/log/{logId}", (call) => details(call, host));
}

function found(call: Call, host: SlotHost): StoredDeployment {
  const id = call.param("id");
  const record = host.scm.history.find(id);
  if (record === undefined) throw notFound(id);
  return record;
}

function notFound(id: string): ReplyError {
  return new ReplyError({ status: 404, body: { Message: `Deployment '${id}' not found.` } });
}

function shown(record: StoredDeployment, call: Call, host: SlotHost): DeploymentRecord {
  return toRecord(record, call.origin, host.slot.site.name);
}

/** Newest first, with an ETag that changes with any record. */
function list(call: Call, host: SlotHost): Reply {
  const body = host.scm.history.records.toReversed().map((record) => shown(record, call, host));
  const etag = `"${createHash("sha256").update(JSON.stringify(body)).digest("hex").slice(0, 16)}"`;
  if (call.header("if-none-match") === etag) return { status: 304, headers: { etag } };
  return { status: 200, headers: { etag }, body };
}

/** Whichever deployment is under way, else the one that ended last: two callers may read each other's. */
function latest(call: Call, host: SlotHost, pendingWhileLocked: boolean): Reply {
  const record = host.scm.history.latest();
  if (record === undefined) throw notFound("latest");
  const body = shown(record, call, host);
  if (record.status === DeploymentStatus.success || record.status === DeploymentStatus.failed)
    return { status: 200, body };
  const location = `${call.origin}${call.path}${call.log.query === "" ? "" : `?${call.log.query}`}`;
  const status = pendingWhileLocked ? DeploymentStatus.pending : record.status;
  return { status: 202, headers: { location }, body: { ...body, status } };
}

function details(call: Call, host: SlotHost): Reply {
  const record = found(call, host);
  const line = record.log.find(({ id }) => id === call.param("logId"));
  if (line === undefined)
    return {
      status: 404,
      body: { Message: `LogId '${call.param("logId")}' was not found in Deployment '${record.id}'.` },
    };
  return { status: 200, body: toLogEntries(line.details, record.id, call.origin) };
}

/** Adds a read-only record of something that was deployed by other means. */
async function put(call: Call, host: SlotHost): Promise<Reply> {
  const fields = decodeRecord(await call.json());
  const { scm } = host;
  const id = call.param("id");
  if (scm.isDeploying) return { status: 409, body: locked };
  if (scm.history.find(id)) return { status: 409, body: `Deployment with id '${id}' exists` };
  const { status, active, ...texts } = fields;
  if (status !== 3 && status !== 4)
    return { status: 400, body: `Invalid Deployment status ${status}. Only 3 (Failed) or 4 (Success) are allowed.` };
  if (active && status !== 4) return { status: 400, body: "Only successful status can be active!" };
  const record = scm.history.add({ id, ...texts });
  scm.history.finish(record, status, texts.status_text);
  record.active = active && status === 4;
  record.log.push(logLine(`Deployment record added by ${texts.deployer}.`));
  return { status: 200, body: shown(record, call, host) };
}

interface PutRecord {
  status: number;
  status_text: string;
  message: string;
  deployer: string;
  author: string;
  author_email: string;
  active: boolean;
}

function decodeRecord(body: unknown): PutRecord {
  const fields = new Map<string, unknown>(typeof body === "object" && body !== null ? Object.entries(body) : []);
  const text = (name: string, otherwise: string): string => {
    const value = fields.get(name);
    return typeof value === "string" ? value : otherwise;
  };
  return {
    status: Number(fields.get("status")),
    status_text: text("status_text", ""),
    message: text("message", "N/A"),
    deployer: text("deployer", "N/A"),
    author: text("author", "N/A"),
    author_email: text("author_email", "N/A"),
    active: fields.has("active")
      ? fields.get("active") === true
      : Number(fields.get("status")) === DeploymentStatus.success,
  };
}

function remove(call: Call, host: SlotHost): Reply {
  const record = found(call, host);
  if (host.scm.isDeploying) return { status: 409, body: locked };
  if (record.active) return { status: 409, body: { Message: "Cannot delete the active deployment." } };
  host.scm.history.remove(record);
  return { status: 204 };
}
