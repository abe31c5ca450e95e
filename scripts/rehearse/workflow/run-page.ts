import { marked } from "marked";
import type { GraphJob, JobResult, RunResult } from "../../../packages/rehearsal/src/workflows/workflow-run.ts";
import { clock, span } from "../figures.ts";
import { escapeXml } from "../svg.ts";
import { pageStyle } from "./page-style.ts";
import { scaleOf } from "./run-timeline.ts";

/** The run as one page that needs nothing from anywhere: graph, timeline, annotations, and the summaries as GitHub shows them. */
export function runPage(run: RunResult, file: string, mermaid: string | undefined): string {
  const jobs = run.jobs.filter(({ steps }) => steps.length > 0);
  const summaries = jobs.filter((job) => summaryOf(job) !== "");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(run.name)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<h1>${icon(run.conclusion)} ${escapeXml(run.name)}</h1>
<p class="dim">${escapeXml(file)}: ${escapeXml(run.conclusion)}${run.error === undefined ? "" : `, ${escapeXml(run.error)}`}</p>
<section class="card"><h2>Jobs</h2>${graph(run.graph)}</section>
<section class="card"><h2>Timeline</h2>${timeline(run.jobs)}</section>
${annotations(jobs)}
${summaries.map((job) => `<section class="card markdown"><h2 class="check">${escapeXml(job.check)} summary</h2>${markdown(summaryOf(job))}</section>`).join("\n")}
</main>
${mermaid === undefined ? "" : `<script>${mermaid.replaceAll("</script", "<\\/script")}</script><script>mermaid.initialize({ startOnLoad: true, theme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "default" });</script>`}
</body>
</html>
`;
}

const summaryOf = (job: JobResult): string => job.steps.map(({ summary }) => summary).join("");

const ICONS: Readonly<Record<string, string>> = { success: "✓", failure: "✗", startup_failure: "✗", cancelled: "⊘" };
const icon = (result: string): string => `<span class="icon ${escapeXml(result)}">${ICONS[result] ?? "–"}</span>`;

/** Markdown as GitHub renders it; mermaid blocks are left to mermaid. */
function markdown(text: string): string {
  const html = marked.parse(text, { gfm: true, async: false });
  return html.replaceAll(
    /<pre><code class="language-mermaid">([\s\S]*?)<\/code><\/pre>/g,
    '<pre class="mermaid">$1</pre>',
  );
}

/** Jobs of the workflow file in columns: each to the right of all it needs. */
function graph(jobs: readonly GraphJob[]): string {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const column = (job: GraphJob): number =>
    job.needs.reduce((most, need) => Math.max(most, 1 + column(byId.get(need) ?? { ...job, needs: [] })), 0);
  const columns: GraphJob[][] = [];
  for (const job of jobs) {
    columns[column(job)] ??= [];
    columns[column(job)]?.push(job);
  }
  const box = ({ id, result }: GraphJob) => `<div class="job ${result}">${icon(result)} ${escapeXml(id)}</div>`;
  return `<div class="graph">${columns.map((each) => `<div class="column">${each.map(box).join("")}</div>`).join('<div class="arrow">→</div>')}</div>`;
}

function timeline(jobs: readonly JobResult[]): string {
  if (jobs.length === 0) return "<p>No job began.</p>";
  const { from, to } = scaleOf(jobs);
  const share = (time: number) => `${(((time - from) / (to - from)) * 100).toFixed(2)}%`;
  const rows = jobs
    .toSorted((one, other) => one.began - other.began)
    .map(({ check, result, began, ended, steps }) => {
      const parts = steps
        .filter(({ outcome, began: start, ended: end }) => outcome !== "skipped" && end > start)
        .map(
          (step) =>
            `<i class="${step.outcome}" style="left:${share(step.began)};width:max(2px,${share(from + step.ended - step.began)})" title="${escapeXml(step.name)}: ${span(step.ended - step.began)}"></i>`,
        );
      const took = began === ended ? result : span(ended - began);
      return `<div class="row"><span>${icon(result)} ${escapeXml(check)}</span><div class="bar">${parts.join("")}</div><span class="dim number">${escapeXml(took)}</span></div>`;
    });
  const marks = [0, 0.25, 0.5, 0.75].map((part) => `<span>${clock((to - from) * part)}</span>`).join("");
  return `<div class="row dim"><span></span><div class="marks">${marks}</div><span></span></div>${rows.join("")}`;
}

function annotations(jobs: readonly JobResult[]): string {
  const all = jobs.flatMap(({ check, steps }) =>
    steps.flatMap((step) => step.annotations.map((annotation) => ({ check, ...annotation }))),
  );
  if (all.length === 0) return "";
  const items = all.map(
    ({ check, level, message }) =>
      `<div class="annotation ${level}"><b>${escapeXml(check)}</b><pre>${escapeXml(message)}</pre></div>`,
  );
  return `<section class="card"><h2>Annotations</h2>${items.join("")}</section>`;
}
