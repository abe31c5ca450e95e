/**
 * One package into one slot through Resource Manager, which fetches it from Blob Storage: for slots whose SCM site this
 * runner cannot reach. The SDK's own operation sends no body, so the request is made here.
 */
import { createHash } from "node:crypto";
import { ServiceError } from "@augeo/release";
import type { Arm } from "./arm.ts";
import type { BlobAccess, ContainerAddress } from "./blob.ts";
import { fieldsOf } from "./decode.ts";
import type { Delivered, Delivery } from "./deploy-package.ts";
import { hasEnded, pollPause } from "./follow-deployment.ts";
import {
  type DeploymentRecord,
  decodeDeployment,
  decodeLogEntry,
  FAILED,
  STATUS_NAMES,
  SUCCEEDED,
} from "./kudu-records.ts";
import { encodeReleaseFile, type ReleaseFile } from "./package/release-file.ts";
import { pauseWithin, retryAfterOf } from "./retry.ts";
import { callSlot, listAll, type SlotRef, sitePath } from "./site.ts";

/** Milliseconds for which the URL of the package is valid: as long as Azure may take to fetch it. */
const URL_LIFE = 3_600_000;
const SEARCH = 60_000;

/** The blob that holds a package with its label: the same name means the same bytes. */
export function packageBlob(release: ReleaseFile): string {
  return `artifacts/${createHash("sha256").update(release.content).update(encodeReleaseFile(release)).digest("hex")}.zip`;
}

export interface Route {
  arm: Arm;
  blobs: BlobAccess;
  ref: SlotRef;
  container: ContainerAddress;
}

export async function deployByUrl({ arm, blobs, ref, container }: Route, delivery: Delivery): Promise<Delivered> {
  const { clock, log } = arm.context;
  await freeSlot(arm, ref, delivery.deadline);
  await delivery.onStep({ step: "sending", attempt: 1 });
  const name = packageBlob(delivery.release);
  log.info(`Storing the package as ${name}.`);
  const uploads = (await blobs.store(container, name, delivery.upload)) ? 1 : 0;
  const packageUri = await blobs.readUrl(container, name, URL_LIFE);
  const before = new Set((await records(arm, ref)).map(({ id }) => id));
  const wished = await start(arm, ref, packageUri);
  const deployment = await findNew(arm, ref, before, clock.now() + SEARCH);
  await delivery.onStep({ step: "accepted", deployment });
  const record = await follow(arm, ref, deployment, { deadline: delivery.deadline, wished });
  await delivery.onStep({ step: "ended", deployment, succeeded: record.status === SUCCEEDED });
  if (record.status !== SUCCEEDED) throw await failed(arm, ref, record);
  return { kind: "deployed", deployment, uploads, redeployed: false };
}

async function freeSlot(arm: Arm, ref: SlotRef, deadline: number): Promise<void> {
  const { clock, log, signal } = arm.context;
  for (let attempt = 1; ; attempt++) {
    const running = (await records(arm, ref)).find(
      ({ status, complete }) => !complete && status >= 0 && status < FAILED,
    );
    if (running === undefined) return;
    log.info(`Another deployment to this slot is in progress (${running.id}); waiting for it to end.`);
    if (!(await pauseWithin(clock, Math.min(10_000, 1_000 * attempt), deadline, signal))) throw stuck(running.id);
  }
}

/** Asks Azure to fetch the package. After a lost reply it is not asked again: the records tell what became of it. */
async function start(arm: Arm, ref: SlotRef, packageUri: string): Promise<number | undefined> {
  const body = {
    properties: { packageUri, type: "zip", async: true, restart: true, clean: true, trackdeploymentprogress: true },
  };
  try {
    const reply = await callSlot(arm, ref, {
      operation: "deploy the package by URL",
      method: "PUT",
      below: "/extensions/onedeploy",
      body,
      once: true,
    });
    return retryAfterOf(reply.headers, arm.context.clock.now());
  } catch (error) {
    if (!(error instanceof ServiceError) || (error.status !== undefined && error.status < 500)) throw error;
    arm.context.log.info(`${error.why} Looking whether the deployment was begun.`);
    return undefined;
  }
}

async function records(arm: Arm, ref: SlotRef): Promise<DeploymentRecord[]> {
  const path = `${sitePath(arm, ref)}/deployments`;
  const found = await listAll(arm, { operation: "list the deployments", method: "GET", path });
  return found.flatMap((each) => decodeArmDeployment(each) ?? []);
}

function decodeArmDeployment(value: unknown): DeploymentRecord | undefined {
  const { name, properties } = fieldsOf(value);
  return decodeDeployment({
    id: String(name ?? "")
      .split("/")
      .at(-1),
    ...fieldsOf(properties),
  });
}

async function findNew(arm: Arm, ref: SlotRef, before: ReadonlySet<string>, deadline: number): Promise<string> {
  const { clock, signal } = arm.context;
  for (let pause = 500; ; pause = Math.min(3_000, pause * 1.5)) {
    const fresh = (await records(arm, ref)).filter(({ id }) => !before.has(id));
    const ours = fresh.find(({ temporary }) => !temporary) ?? fresh.find(({ status }) => status === FAILED);
    if (ours !== undefined) return ours.id;
    if (!(await pauseWithin(clock, pause, deadline, signal))) throw neverBegun();
  }
}

async function follow(
  arm: Arm,
  ref: SlotRef,
  id: string,
  { deadline, wished }: { deadline: number; wished: number | undefined },
): Promise<DeploymentRecord> {
  const { clock, log, signal } = arm.context;
  const began = clock.now();
  let [pause, stage] = [pollPause(0, wished), ""];
  for (;;) {
    if (!(await pauseWithin(clock, pause, deadline, signal))) throw stuck(id);
    const reply = await callSlot(arm, ref, {
      operation: "follow the deployment",
      method: "GET",
      below: `/deployments/${encodeURIComponent(id)}`,
      accept: [404],
    });
    const record = reply.status === 404 ? undefined : decodeArmDeployment(reply.body);
    if (record !== undefined && hasEnded(record)) return record;
    const now = STATUS_NAMES[record?.status ?? -1] ?? stage;
    if (now !== stage) log.info(`Deployment ${id}: ${now}.`);
    stage = now;
    pause = Math.max(1_000, pollPause(clock.now() - began, retryAfterOf(reply.headers, clock.now())));
  }
}

async function failed(arm: Arm, ref: SlotRef, record: DeploymentRecord): Promise<ServiceError> {
  const lines = await logLines(arm, ref, record.id).catch(() => []);
  for (const line of lines) arm.context.log.quote(line);
  const said = [record.statusText, ...lines.slice(-8)].filter((line) => line !== "");
  return new ServiceError({
    service: "Kudu",
    operation: "deploy the package by URL",
    code: "DeploymentFailed",
    what: `The deployment ${record.id} failed.`,
    why: said.length === 0 ? "Azure gives no reason." : `Azure says:\n${said.map((line) => `  ${line}`).join("\n")}`,
    fix: "Mend what it names. When the package could not be fetched: the app itself must reach the storage account.",
  });
}

async function logLines(arm: Arm, ref: SlotRef, id: string): Promise<string[]> {
  const path = `${sitePath(arm, ref)}/deployments/${encodeURIComponent(id)}/log`;
  const reply = await arm.call({ operation: "read the deployment log", method: "GET", path });
  const properties = fieldsOf(fieldsOf(reply.body).properties);
  const entries = Array.isArray(reply.body) ? reply.body : Array.isArray(properties.value) ? properties.value : [];
  return entries.flatMap((entry) => decodeLogEntry(entry)?.message ?? []);
}

function stuck(id: string): ServiceError {
  return new ServiceError({
    service: "Kudu",
    operation: "follow the deployment",
    what: `The deployment ${id} did not end in the time allowed.`,
    why: "Resource Manager still shows it as in progress.",
    fix: "It may go on in the slot; the next run waits for it. Raise timeout when builds take this long; restart the slot when it hangs.",
    retryable: true,
  });
}

function neverBegun(): ServiceError {
  return new ServiceError({
    service: "Azure Resource Manager",
    operation: "deploy the package by URL",
    what: "Azure shows no deployment of the package.",
    why: "No record appeared after the request.",
    fix: "Run again: the package is stored already and is not sent twice.",
    retryable: true,
  });
}
