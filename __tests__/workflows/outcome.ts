import type { RunResult } from "../../packages/rehearsal/src/workflows/workflow-run.ts";
import { told } from "../../scripts/rehearse/workflow/app-on-cloud.ts";

export function checks(run: RunResult): Record<string, string> {
  return Object.fromEntries(run.jobs.map((job) => [job.check, job.result]));
}

/** Checks and, where the run did not end as wanted, all it said. */
export function outcome(run: RunResult, wanted: RunResult["conclusion"] = "success") {
  return { checks: checks(run), log: run.conclusion === wanted ? "" : told(run) };
}

export function logOf(run: RunResult, check: string): string {
  return run.jobs.find((job) => job.check === check)?.log.join("\n") ?? "";
}

export function outputsOf(run: RunResult, check: string): Readonly<Record<string, string>> {
  return run.jobs.find((job) => job.check === check)?.outputs ?? {};
}
