import { ServiceError } from "@augeo/action-kit";
import {
  type AzureSession,
  deleteFirewallRule,
  isStrayRule,
  listOwnFirewallRules,
  type OwnFirewallRule,
  type ServerRef,
} from "@augeo/azure";
import type { RunContext } from "../slot-swap/connection.ts";
import { askRun } from "../slot-swap/hold-lock.ts";
import { type Finding, failed, note, type Report } from "./finding.ts";
import type { Inputs } from "./reconcile-target.ts";

/** For one rule: Azure changes a server once at a time, and another change may be under way. */
const PATIENCE = 120_000;

/** Closes the firewall rules of one database server that runs of this toolkit opened and lost. */
export async function reconcileServer(
  context: RunContext,
  azure: AzureSession,
  inputs: Inputs,
  line: string,
): Promise<Report> {
  const [resourceGroup = "", server = ""] = line.split("/");
  const findings: Finding[] = [];
  try {
    for (const rule of await listOwnFirewallRules(azure.arm, { resourceGroup, server }))
      findings.push(await closeIfStray(context, azure, inputs, { resourceGroup, server }, rule));
  } catch (error) {
    if (context.signal.aborted || !(error instanceof ServiceError)) throw error;
    findings.push(failed(error));
  }
  return { name: `firewall of ${server}`, live: "", state: "", holder: "", findings, moments: [] };
}

async function closeIfStray(
  context: RunContext,
  azure: AzureSession,
  inputs: Inputs,
  ref: ServerRef,
  rule: OwnFirewallRule,
): Promise<Finding> {
  const { run, clock, env } = context;
  const who = `rule ${rule.name} (${rule.start})`;
  if (!rule.admits) return note(`${who} admits nobody; a lock of the server kept it from being deleted.`);
  const self = { repositoryId: env.GITHUB_REPOSITORY_ID ?? "0", runId: run.runId, attempt: run.attempt };
  const { runId, attempt } = rule;
  const isStray =
    isStrayRule(rule, self, clock.now()) ??
    (await askRun(context, { repository: run.repository, runId, attempt }, inputs["github-token"])) === "over";
  if (!isStray) return note(`${who} may be in use by run ${rule.runId}: left alone.`);
  if (inputs["dry-run"]) return { kind: "would", what: `Would have closed ${who}: its run is over.` };
  const how = await deleteFirewallRule(azure.arm, ref, rule.name, { deadline: clock.now() + PATIENCE });
  const end = how === "deleted" ? "Closed" : "Emptied, because a lock of the server kept it from being deleted:";
  return { kind: "done", what: `${end} ${who}: its run is over.` };
}
