import { randomUUID } from "node:crypto";
import { toRecord } from "../kudu/deployment-history.ts";
import { PlanError, packageTypes, remotePackageRefusal, targetOf } from "../kudu/deployment-plan.ts";
import { LockedError } from "../kudu/scm-site.ts";
import { type DeploymentRecord, type OneDeployRequest, ProviderError } from "../model.ts";
import type { SlotHost } from "./slot-host.ts";

/** ARM's `extensions/onedeploy`: always asynchronous, always by package URL. Returns the record as it is at the start. */
export function oneDeploy(host: SlotHost, request: OneDeployRequest): DeploymentRecord {
  const type = packageTypes.find((one) => one === request.type?.toLowerCase());
  if (type === undefined) throw new ProviderError(400, "BadRequest", `type='${request.type}' not recognized`);
  const refusal = remotePackageRefusal(host.slot);
  if (refusal !== undefined) throw new ProviderError(409, "Conflict", refusal);
  const plan = {
    door: "OneDeploy" as const,
    type,
    package: { uri: request.packageUri },
    path: request.path,
    clean: request.clean ?? type === "zip",
    restart: request.restart ?? true,
    deployer: "OneDeploy",
    author: "N/A",
    authorEmail: "N/A",
    message: "OneDeploy",
    id: randomUUID(),
  };
  try {
    if (!URL.canParse(request.packageUri)) throw new PlanError("packageUri is not a URL.");
    targetOf(plan, host.app.home);
    void host.scm.begin(plan);
  } catch (error) {
    if (error instanceof LockedError) throw new ProviderError(409, "Conflict", error.message);
    if (error instanceof PlanError) throw new ProviderError(400, "BadRequest", error.message);
    throw error;
  }
  const record = host.scm.history.latest();
  if (record === undefined) throw new Error("A deployment that began has no record.");
  return toRecord(record, `https://${host.slot.scmHostName}`, host.slot.site.name);
}
