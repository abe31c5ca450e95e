import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pages } from "../front-end/pages.ts";
import type { SlotHost } from "../hosting/slot-host.ts";
import { within } from "../hosting/wait.ts";
import type { Call, Reply, Routes } from "../http.ts";
import {
  type DeploymentPlan,
  type PackageType,
  PlanError,
  packageTypes,
  remotePackageRefusal,
  targetOf,
} from "./deployment-plan.ts";
import { filePart } from "./multipart.ts";
import { packageLimit, savePackage, TooLargeError } from "./package-source.ts";
import { LockedError, type ScmSite } from "./scm-site.ts";

/** The two doors for packages: `/api/publish` (OneDeploy) and `/api/zipdeploy`. */
export function addPublishRoutes(routes: Routes, host: SlotHost): void {
  for (const path of ["/api/publish", "/publish"])
    routes.add("POST|PUT", path, (call) => answered(() => publish(call, host)));
  routes.add("POST|PUT", "/api/zipdeploy", (call) => answered(() => zipDeploy(call, host)));
}

async function answered(work: () => Promise<Reply>): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LockedError) return { status: 409, body: error.message };
    if (error instanceof PlanError) return { status: 400, body: error.message };
    if (error instanceof TooLargeError) return { status: 413, body: error.message };
    throw error;
  }
}

async function publish(call: Call, host: SlotHost): Promise<Reply> {
  const { query } = call;
  const type = packageType(query.get("type"));
  const plan = await planFor(call, host, {
    door: "OneDeploy",
    type,
    path: query.get("path") ?? query.get("target-path"),
    clean: query.get("clean") === undefined ? type === "zip" : query.isTrue("clean"),
    restart: query.get("restart") === undefined || query.isTrue("restart"),
    deployer: "OneDeploy",
    message: "OneDeploy",
  });
  return "status" in plan ? plan : begin(call, host, plan, query.isTrue("async"));
}

async function zipDeploy(call: Call, host: SlotHost): Promise<Reply> {
  const { query } = call;
  const plan = await planFor(call, host, {
    door: "ZipDeploy",
    type: "zip",
    path: undefined,
    clean: query.isTrue("clean"),
    restart: true,
    deployer: query.get("deployer") ?? "Push-Deployer",
    message: query.get("message") ?? "Created via a push deployment",
  });
  return "status" in plan ? plan : begin(call, host, plan, query.isTrue("isAsync"));
}

function packageType(value: string | undefined): PackageType {
  const type = packageTypes.find((one) => one === value?.toLowerCase());
  if (type === undefined) throw new PlanError(`type='${value ?? ""}' not recognized`);
  return type;
}

type Asked = Pick<DeploymentPlan, "door" | "type" | "path" | "clean" | "restart" | "deployer" | "message">;

/** Reads what the request brings. The body is taken in whole before anything else is looked at, the lock included. */
async function planFor(call: Call, host: SlotHost, asked: Asked): Promise<DeploymentPlan | Reply> {
  targetOf(asked, host.app.home);
  const taken = await takePackage(call, host.scm);
  if ("status" in taken) return taken;
  const refusal = remotePackageRefusal(host.slot);
  if (refusal !== undefined) return { status: 409, body: refusal };
  const author = call.query.get("author") ?? "N/A";
  return { ...asked, package: taken, author, authorEmail: call.query.get("authorEmail") ?? "N/A", id: randomUUID() };
}

async function takePackage(call: Call, scm: ScmSite): Promise<DeploymentPlan["package"] | Reply> {
  const type = call.header("content-type") ?? "";
  if (/^application\/json/i.test(type)) return packageUri(await call.json());
  if (Number(call.header("content-length") ?? 0) > packageLimit)
    throw new TooLargeError("The package is larger than 2048 MB.");
  const file = join(scm.app.home, "..", "uploads", `${randomUUID()}.zip`);
  const { signal } = scm.container;
  try {
    const stream = call.stream.readableEnded ? Readable.from([await call.bytes()]) : call.stream;
    const boundary = /^multipart\/form-data;.*boundary="?([^";]+)/i.exec(type)?.[1];
    await savePackage(boundary === undefined ? stream : filePart(stream, boundary), file, signal);
  } catch (error) {
    if (signal.aborted) return { status: 502, body: "Bad Gateway" };
    throw error;
  }
  return { file };
}

function packageUri(body: unknown): { uri: string } {
  const uri = typeof body === "object" && body !== null && "packageUri" in body ? body.packageUri : undefined;
  if (typeof uri === "string" && URL.canParse(uri)) return { uri };
  throw new PlanError("Request body does not contain packageUri");
}

/** 202 at once, or 200 at the end; the work goes on when the front end cuts a synchronous request off. */
async function begin(call: Call, host: SlotHost, plan: DeploymentPlan, isAsync: boolean): Promise<Reply> {
  const { done } = host.scm.begin(plan);
  const tracking: Record<string, string> = call.query.isTrue("trackDeploymentProgress")
    ? { "SCM-DEPLOYMENT-ID": plan.id }
    : {};
  if (isAsync) {
    const location = `${call.origin}/api/deployments/latest?deployer=${encodeURIComponent(plan.deployer)}&time=${stamp()}`;
    return { status: 202, headers: { location, ...tracking } };
  }
  const record = await within(done, host.scm.timing.frontEndIdle);
  if (record === undefined) return pages.timedOut();
  if (record.status === 4) return { status: 200, headers: tracking };
  return { status: 400, headers: tracking, body: record.status_text };
}

/** `2026-11-22_20-38-05Z` */
function stamp(): string {
  return new Date()
    .toISOString()
    .replace("T", "_")
    .replaceAll(":", "-")
    .replace(/\.\d+Z/, "Z");
}
