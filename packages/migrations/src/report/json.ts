import type { Finding } from "../finding.ts";
import { planPhases } from "../policy/phase-plan.ts";
import type { Trace } from "../trace.ts";
import type { GateReport } from "./gate-report.ts";

/** Findings as `augeo-gate … --json` prints them; `schema` changes when a field changes its meaning or goes. */
export interface FindingsJson {
  readonly schema: 1;
  readonly findings: readonly Finding[];
  readonly longBlocking: boolean;
  readonly trace?: readonly (Trace | undefined)[];
}

export const findingsJson = (
  findings: readonly Finding[],
  longBlocking: boolean,
  trace?: readonly (Trace | undefined)[],
): FindingsJson => ({
  schema: 1,
  findings,
  longBlocking,
  ...(trace === undefined ? {} : { trace }),
});

/** The whole report as JSON, for an artifact or another tool. */
export function reportJson(report: GateReport): object {
  const plan = planPhases(report.revisions);
  const ids = (some: readonly { readonly revision: string }[]) => some.map(({ revision }) => revision);
  return {
    schema: 1,
    conclusion: report.conclusion,
    verdict: report.verdict,
    mode: report.mode,
    postgresVersion: report.postgresVersion,
    unseen: report.unseen,
    plan: { now: ids(plan.now), afterSwap: ids(plan.afterSwap), nextRelease: ids(plan.nextRelease) },
    project: report.project,
    revisions: report.revisions,
  };
}
