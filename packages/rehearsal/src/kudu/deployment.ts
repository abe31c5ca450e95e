import { randomBytes } from "node:crypto";
import { chmod, copyFile, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { wait } from "../hosting/wait.ts";
import { DeploymentStatus, type LogLine, logLine, type StoredDeployment } from "./deployment-history.ts";
import { type DeploymentPlan, targetOf } from "./deployment-plan.ts";
import { filesBelow, kuduSync } from "./kudu-sync.ts";
import { oryxBuild } from "./oryx-build.ts";
import { fetchPackage } from "./package-source.ts";
import type { ScmSite } from "./scm-site.ts";
import { unpack } from "./unpack.ts";

/** What an aborted deployment's record says: the words clients look for to know that they may try again. */
export const stoppedByRestart =
  "Deployment has been stopped due to SCM container restart. The restart can happen due to a management operation on site. Do not perform a management operation and a deployment operation in quick succession. Adding a small delay can help avoid any conflicts.";

export interface RunningDeployment {
  plan: DeploymentPlan;
  record: StoredDeployment;
  signal: AbortSignal;
  scratch: string;
}

class BuildFailed extends Error {}

/** Carries a deployment out, from its temporary record to success or failure. Never rejects. */
export async function carryOut(site: ScmSite, plan: DeploymentPlan, signal: AbortSignal): Promise<StoredDeployment> {
  const temporary = site.history.add({
    id: `temp-${randomBytes(4).toString("hex")}`,
    is_temp: true,
    status_text: "Receiving changes.",
    message: "Fetching changes.",
    deployer: plan.deployer,
  });
  const scratch = join(site.app.home, "..", "deployments", plan.id);
  try {
    const file = await receive(site, plan, temporary, scratch, signal);
    if (file === undefined) return temporary;
    site.history.remove(temporary);
    const record = site.history.add(recordOf(plan, temporary.received_time));
    await deploy(site, { plan, record, signal, scratch }, file);
    return record;
  } finally {
    // Not waited for: whoever reads that the deployment has ended finds the lock free.
    site.tidyUp(scratch);
    if ("file" in plan.package) site.tidyUp(plan.package.file);
  }
}

function recordOf(plan: DeploymentPlan, received_time: string): Partial<StoredDeployment> & { id: string } {
  const { id, deployer, author, authorEmail: author_email, message } = plan;
  return { id, deployer, author, author_email, message, received_time };
}

/** The package as a file; a failure to get it is the one that leaves the temporary record behind. */
async function receive(
  site: ScmSite,
  plan: DeploymentPlan,
  temporary: StoredDeployment,
  scratch: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  await wait(site.timing.deploymentReceiving, signal);
  if ("file" in plan.package && !signal.aborted) return plan.package.file;
  const file = join(scratch, "package");
  try {
    if ("uri" in plan.package) await fetchPackage(plan.package.uri, file, site.ca, signal);
    if (!signal.aborted) return file;
  } catch (error) {
    temporary.log.push(logLine(messageOf(error), 2));
  }
  site.history.finish(temporary, 3, signal.aborted ? stoppedByRestart : (temporary.log.at(-1)?.message ?? ""));
  return undefined;
}

async function deploy(site: ScmSite, running: RunningDeployment, file: string): Promise<void> {
  const { record, plan, signal } = running;
  try {
    await stages(site, running, file);
    if (signal.aborted) return site.history.finish(record, 3, stoppedByRestart);
    record.log.push(logLine(`Deployment successful. deployer = ${plan.deployer} deploymentPath = ${plan.door}`));
    site.history.finish(record, 4, "");
    if (plan.restart) site.restartApp();
  } catch (error) {
    if (!(error instanceof BuildFailed)) record.errors.push(messageOf(error));
    record.log.push(logLine(messageOf(error), 2));
    record.log.push(logLine(`Deployment Failed. deployer = ${plan.deployer} deploymentPath = ${plan.door}`, 2));
    site.history.finish(record, 3, signal.aborted ? stoppedByRestart : messageOf(error));
  }
}

async function stages(site: ScmSite, running: RunningDeployment, file: string): Promise<void> {
  const { record, plan, signal, scratch } = running;
  enter(record, DeploymentStatus.building, `Building and Deploying '${plan.id}'.`);
  record.log.push(logLine("Updating submodules."));
  record.log.push(logLine(`Preparing deployment for commit id '${plan.id.slice(0, 10)}'.`));
  await wait(site.timing.deploymentStage, signal);
  if (plan.type === "zip") await deployZip(site, running, file, join(scratch, "extracted"));
  else await deployFile(site, running, file);
}

function enter(record: StoredDeployment, status: number, progress: string): void {
  Object.assign(record, { status, progress, status_text: progress });
}

async function deployZip(site: ScmSite, running: RunningDeployment, file: string, extracted: string): Promise<void> {
  const { record, plan, signal } = running;
  const target = targetOf(plan, site.app.home);
  record.log.push(logLine(`PreDeployment: context.CleanOutputPath ${plan.clean ? "True" : "False"}`));
  await unpack(file, extracted, signal);
  record.log.push(logLine(`Repository path is ${extracted}`));
  if (site.builds(plan)) await build(site, running, extracted);
  if (signal.aborted) return;
  enter(record, DeploymentStatus.deploying, "Deploying...");
  await wait(site.timing.deploymentStage, signal);
  const manifest = new Set(await filesBelow(extracted));
  const deletes = plan.clean ? "all" : plan.door === "ZipDeploy" ? site.manifest : "nothing";
  const always = plan.door === "OneDeploy" && !plan.clean;
  const synced = await kuduSync({ from: extracted, to: target, deletes, always, signal });
  site.manifest = manifest;
  record.log.push(detailed("Running deployment command...", syncLines(synced, target)));
  record.log.push(logLine("Running post deployment command(s)..."));
}

function syncLines(
  { copied, deleted, unchanged }: { copied: string[]; deleted: string[]; unchanged: number },
  to: string,
) {
  return [
    `KuduSync to '${to}': ${copied.length} copied, ${deleted.length} deleted, ${unchanged} unchanged.`,
    ...copied.slice(0, 50).map((path) => `Copying file: '${path}'`),
    ...deleted.slice(0, 50).map((path) => `Deleting file: '${path}'`),
  ];
}

function detailed(message: string, details: string[]): LogLine {
  return { ...logLine(message), details: details.map((line) => logLine(line)) };
}

async function build(site: ScmSite, { record, signal }: RunningDeployment, directory: string): Promise<void> {
  const step = logLine("Running oryx build...");
  record.log.push(step);
  const onLine = (line: string): void => {
    const isError = /^\s*error\b/i.test(line);
    step.details.push(logLine(line, isError ? 2 : 0));
    if (isError) record.errors.push(line.trim());
  };
  const { python } = site;
  if (python === undefined) throw new Error("No Python to build with.");
  const built = await oryxBuild({ directory, python, settings: site.settings(), signal, onLine });
  if (!built && !signal.aborted) throw new BuildFailed("Oryx build failed: see the log for its output.");
}

async function deployFile(site: ScmSite, { plan, record }: RunningDeployment, file: string): Promise<void> {
  const target = targetOf(plan, site.app.home);
  if (plan.clean) await rm(dirname(target), { recursive: true, force: true });
  await mkdir(dirname(target), { recursive: true });
  await copyFile(file, target);
  if (plan.type === "startup" || plan.type === "script") await chmod(target, 0o755);
  record.log.push(logLine(`Copied the ${plan.type} file to ${target}.`));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
