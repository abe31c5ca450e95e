import type { Call, Reply } from "../http.ts";
import type { DeploymentRecord, OneDeployRequest, Slot } from "../model.ts";
import { type Context, isRecord, ok, part, paths, propertiesOf, slotOf } from "./context.ts";
import { badRequest, cannotFind } from "./errors.ts";
import { slotId } from "./rbac.ts";
import { same } from "./world.ts";

const ended = (record: DeploymentRecord) => record.status === 3 || record.status === 4;

function view(slot: Slot, record: DeploymentRecord): unknown {
  return part(slot, `deployments/${record.id}`, "deployments", { ...record, provisioningState: null });
}

/** As Kudu does it: the unfinished deployment, else the one that ended last. */
function latest(records: readonly DeploymentRecord[]): DeploymentRecord | undefined {
  const ends = (record: DeploymentRecord) => record.end_time ?? record.received_time;
  return records.find((record) => !ended(record)) ?? [...records].sort((a, b) => ends(b).localeCompare(ends(a)))[0];
}

function find(context: Context, call: Call): { slot: Slot; record: DeploymentRecord } {
  const slot = slotOf(context, call);
  const id = call.param("deployment");
  const records = context.hosting.deployments(slot);
  const record = same(id, "latest") ? latest(records) : records.find((one) => same(one.id, id));
  if (record === undefined) throw cannotFind("Deployment", id);
  return { slot, record };
}

function list(context: Context, call: Call): Reply {
  const slot = slotOf(context, call);
  return ok({ value: context.hosting.deployments(slot).map((record) => view(slot, record)), nextLink: null });
}

function get(context: Context, call: Call): Reply {
  const { slot, record } = find(context, call);
  const running = same(call.param("deployment"), "latest") && !ended(record);
  if (!running) return ok(view(slot, record));
  return {
    status: 202,
    headers: { location: `${call.origin}${call.path}?${call.log.query}` },
    body: view(slot, record),
  };
}

function log(context: Context, call: Call): Reply {
  const { slot, record } = find(context, call);
  const entries = context.hosting.deploymentLog(slot, record.id) ?? [];
  return ok({ ...Object(view(slot, record)), properties: entries });
}

/** Where the runtime stands after a deployment, derived from Kudu's record and the app's instances. */
function runtimeStatus(context: Context, slot: Slot, record: DeploymentRecord): string {
  if (record.status === 3) return "BuildFailed";
  if (record.status === 0) return "BuildRequestReceived";
  if (!ended(record)) return "BuildInProgress";
  const states = context.hosting.instances(slot).map(({ state }) => state);
  if (states.every((state) => state === "READY")) return "RuntimeSuccessful";
  return states.includes("STOPPED") ? "RuntimeFailed" : "RuntimeStarting";
}

function statusView(context: Context, slot: Slot, record: DeploymentRecord): { body: unknown; over: boolean } {
  const status = runtimeStatus(context, slot, record);
  const instances = context.hosting.instances(slot);
  const successful = instances.filter(({ state }) => status.startsWith("Runtime") && state === "READY").length;
  const properties = {
    deploymentId: record.id,
    status,
    numberOfInstancesInProgress: status === "RuntimeStarting" ? instances.length : 0,
    numberOfInstancesSuccessful: successful,
    numberOfInstancesFailed: status === "RuntimeFailed" ? instances.length - successful : 0,
    failedInstancesLogs: null,
    errors: status === "BuildFailed" ? [{ extendedCode: "0", message: record.status_text }] : null,
  };
  const over = ["RuntimeSuccessful", "RuntimeFailed", "BuildFailed"].includes(status);
  return { over, body: part(slot, `deploymentStatus/${record.id}`, "deploymentStatus", properties) };
}

/** Known only for the newest deployment: 404 once a newer one exists, and for slots when they are switched off. */
function deploymentStatus(context: Context, call: Call): Reply {
  const { slot, record } = find(context, call);
  const newest = context.hosting.deployments(slot).every((one) => one.received_time <= record.received_time);
  const offered = slot === slot.site.production || context.behaviour.deploymentStatusOfSlots;
  if (!newest || !offered) throw cannotFind("DeploymentStatus", record.id);
  const { body, over } = statusView(context, slot, record);
  if (over) return ok(body);
  return { status: 202, headers: { location: `${call.origin}${call.path}?${call.log.query}` }, body };
}

function listStatus(context: Context, call: Call): Reply {
  const slot = slotOf(context, call);
  const newest = latest(context.hosting.deployments(slot));
  return ok({ value: newest === undefined ? [] : [statusView(context, slot, newest).body], nextLink: null });
}

function optional(value: unknown, name: keyof OneDeployRequest): Partial<OneDeployRequest> {
  return typeof value === "boolean" || typeof value === "string" ? { [name]: value } : {};
}

function oneDeployRequest(wanted: Record<string, unknown>): OneDeployRequest {
  const { packageUri, type, path, restart, clean, ignorestack } = wanted;
  if (typeof packageUri !== "string" || typeof type !== "string")
    throw badRequest("The parameter packageUri or type has an invalid value.", "51008");
  const tracking = Object.entries(wanted).find(([name]) => same(name, "trackdeploymentprogress"))?.[1];
  return {
    packageUri,
    type,
    ...optional(path, "path"),
    ...optional(restart, "restart"),
    ...optional(clean, "clean"),
    ...optional(ignorestack, "ignorestack"),
    ...optional(tracking, "trackdeploymentprogress"),
  };
}

/** A deployment by package URL: always asynchronous, followed by its `Location`. */
async function oneDeploy(context: Context, call: Call): Promise<Reply> {
  const slot = slotOf(context, call);
  const record = context.hosting.oneDeploy(slot, oneDeployRequest(await propertiesOf(call)));
  const time = record.received_time.slice(0, 19).replace("T", "_").replaceAll(":", "-");
  const query = `api-version=2018-02-01&deployer=OneDeploy&time=${time}Z`;
  const headers = {
    location: `${call.origin}${slotId(slot)}/deployments/latest?${query}`,
    "retry-after": String(context.behaviour.oneDeployRetryAfter),
  };
  return { status: 202, headers, body: part(slot, "extensions/onedeploy", "extensions", record) };
}

function oneDeployStatus(context: Context, call: Call): Reply {
  const slot = slotOf(context, call);
  const newest = latest(context.hosting.deployments(slot));
  return ok(part(slot, "extensions/onedeploy", "extensions", isRecord(newest) ? newest : {}));
}

export const deploymentRoutes = [
  ["GET", `${paths.slot}/deployments`, list],
  ["GET", `${paths.slot}/deployments/{deployment}`, get],
  ["GET", `${paths.slot}/deployments/{deployment}/log`, log],
  ["GET", `${paths.slot}/deploymentStatus`, listStatus],
  ["GET", `${paths.slot}/deploymentStatus/{deployment}`, deploymentStatus],
  ["PUT", `${paths.slot}/extensions/onedeploy`, oneDeploy],
  ["GET", `${paths.slot}/extensions/onedeploy`, oneDeployStatus],
] as const;
