import type { JobResult, RunResult } from "../../../packages/rehearsal/src/workflows/workflow-run.ts";
import { clock, span } from "../figures.ts";
import { paint, visibleLength, width } from "../progress.ts";

const MARKS: Readonly<Record<string, string>> = {
  success: paint("green", "✓"),
  failure: paint("red", "✗"),
  startup_failure: paint("red", "✗"),
  cancelled: paint("yellow", "⊘"),
  skipped: paint("dim", "–"),
};

export const mark = (result: string): string => MARKS[result] ?? "?";

export interface Scale {
  readonly from: number;
  readonly to: number;
}

/** From the first job that began to the last that ended. */
export function scaleOf(jobs: readonly JobResult[]): Scale {
  const from = Math.min(...jobs.map(({ began }) => began));
  return { from, to: Math.max(from + 1, ...jobs.map(({ ended }) => ended)) };
}

/** One bar for each job on a common time axis, in the order in which they began. */
export function runTimeline({ jobs }: RunResult): string[] {
  if (jobs.length === 0) return [];
  const { from, to } = scaleOf(jobs);
  const label = Math.max(...jobs.map(({ check }) => check.length)) + 2;
  const columns = Math.max(20, Math.min(width(), 120) - label - 14);
  const at = (time: number) => Math.round(((time - from) / (to - from)) * columns);
  const marks = [0, 0.25, 0.5, 0.75].map((part) => clock((to - from) * part).padEnd(Math.round(columns / 4)));
  const rows = jobs
    .toSorted((one, other) => one.began - other.began)
    .map((job) => {
      const start = at(job.began);
      const bar = job.ended === job.began ? "" : "█".repeat(Math.max(1, at(job.ended) - start));
      const colour = job.result === "success" ? "green" : job.result === "failure" ? "red" : "yellow";
      const drawn = " ".repeat(start) + paint(colour, bar);
      const room = " ".repeat(Math.max(1, columns + 1 - visibleLength(drawn)));
      const took = bar === "" ? job.result : span(job.ended - job.began);
      return `${mark(job.result)} ${job.check.padEnd(label)}${drawn}${room}${paint("dim", took)}`;
    });
  return [paint("dim", `${" ".repeat(label + 2)}${marks.join("")}`), ...rows];
}
