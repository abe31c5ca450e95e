import { type ActionContext, Interrupted, type Json, type Outcome, ServiceError } from "@augeo/action-kit";
import { type AzureSession, openSession } from "@augeo/azure";
import { releasesJson } from "../slot-swap/releases.ts";
import type { Finding, Report } from "./finding.ts";
import { everyLedger } from "./heads.ts";
import { keepIssue } from "./keep-issue.ts";
import { reconcileServer } from "./reconcile-server.ts";
import { reconcileTarget } from "./reconcile-target.ts";
import { listPackages, type PackagesReport, retainPackages } from "./retain-packages.ts";
import type { spec } from "./spec.ts";
import { messageOf, summarise } from "./summary.ts";
import { parseTarget, type Target, targetOf } from "./target.ts";

type Context = ActionContext<typeof spec>;
type Done = Outcome<typeof spec>;

/** Looks after every target, one after the other, each by itself: what fails at one stops no other. */
export async function reconcile(context: Context): Promise<Done> {
  const { inputs, log, env, clock, signal } = context;
  const azure = openSession({ log, env, clock, signal }, inputs);
  const listed = await listPackages(context, azure);
  const stored = listed && new Set(listed.map(({ sha256 }) => sha256));
  const targets = inputs.targets ? inputs.targets.map(parseTarget) : await everyTarget(context, azure);
  const reports: Report[] = [];
  const look = async (title: string, work: () => Promise<Report>): Promise<void> => {
    try {
      reports.push(await log.group(title, () => tell(context, work())));
    } catch (error) {
      throw signal.aborted ? interruption(title, reports, error) : error;
    }
  };
  for (const target of targets)
    await look(`Look after ${target.app} (${target.environment})`, () =>
      reconcileTarget(context, azure, { inputs, target, stored }),
    );
  for (const server of inputs["database-servers"] ?? [])
    await look(`Look through the firewall of ${server}`, () => reconcileServer(context, azure, inputs, server));
  const packages = listed && (await retainPackages(context, azure, listed));
  return conclude(context, reports, packages);
}

/** Cancelled in the middle: what was done for those before stays done. */
function interruption(title: string, reports: readonly Report[], error: unknown): Interrupted {
  const { done = [], undone = [] } = error instanceof Interrupted ? error : {};
  const before = reports.flatMap(({ name, findings }) =>
    findings.filter(({ kind }) => kind === "done").map(({ what }) => `${name}: ${what}`),
  );
  return new Interrupted({
    what: "The reconciler was cancelled before it had looked after everything.",
    done: [...before, ...done],
    undone: undone.length > 0 ? undone : [title],
  });
}

async function tell({ log }: Context, work: Promise<Report>): Promise<Report> {
  const report = await work;
  if (report.findings.length === 0) log.info("All is well.");
  for (const { kind, what, fix } of report.findings)
    log.info(`${kind}: ${what}${fix === undefined ? "" : ` Fix: ${fix}`}`);
  return report;
}

/** Every app and environment that was released to this ledger, with the place that its last release names. */
async function everyTarget({ inputs, log }: Context, azure: AzureSession): Promise<Target[]> {
  const found: Target[] = [];
  for (const place of await everyLedger(azure, inputs.ledger)) {
    const read = await place.read();
    // An unreadable head names no place; it is reported under the names that its address has.
    const known =
      read.kind === "head" ? read.head.rollout?.place : { app: place.app, resourceGroup: "-", slot: "staging" };
    if (known) found.push(targetOf({ ...known, app: place.app }, place.environment));
    else log.info(`${place.app} (${place.environment}) was never released: nothing to look after.`);
  }
  return found;
}

async function conclude(
  context: Context,
  reports: readonly Report[],
  packages: PackagesReport | undefined,
): Promise<Done> {
  const { inputs, clock } = context;
  const findings = reports.flatMap((report) => report.findings);
  const count = (kind: Finding["kind"]) => findings.filter((each) => each.kind === kind).length;
  const issue = inputs.issue && !inputs["dry-run"] ? await keepIssueOrWarn(context, reports) : undefined;
  const reason = reasonOf(count);
  const message = messageOf(reports);
  return {
    reason,
    message,
    outputs: { done: count("done") + count("would"), people: count("person"), issue: issue ?? "" },
    result: { targets: reports.map(jsonOf), packages: packages ? packagesJson(packages) : null },
    summary: summarise({ reason, message, reports, now: clock.now(), packages }),
  };
}

function reasonOf(count: (kind: Finding["kind"]) => number): Done["reason"] {
  if (count("person") > 0) return "needs-human";
  if (count("failed") > 0) return "incomplete";
  if (count("would") > 0) return "would-act";
  return count("done") > 0 ? "reconciled" : "all-well";
}

function jsonOf({ name, live, state, holder, findings, releases = [] }: Report): Json {
  const found = findings.map(({ kind, what, fix }) => ({ kind, what, fix }));
  return { name, live, state, holder, findings: found, releases: releasesJson(releases) };
}

const packagesJson = ({ warnings, ...report }: PackagesReport): Json => ({
  ...report,
  warnings: warnings.map(({ what, why, fix }) => ({ what, why, fix })),
});

async function keepIssueOrWarn(context: Context, reports: readonly Report[]): Promise<number | undefined> {
  try {
    return await keepIssue(context, context.inputs["github-token"], reports);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    context.log.warning(`The issue could not be kept. ${error.what} ${error.why} Fix: ${error.fix}`);
    return undefined;
  }
}
