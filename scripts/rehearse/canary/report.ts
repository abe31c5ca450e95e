import { figuresOf, span } from "../figures.ts";
import { style } from "../report-style.ts";
import type { Findings } from "../scenario.ts";
import { escapeXml } from "../svg.ts";
import { canaryChart, chartStyle } from "./charts.ts";
import type { CanaryStory } from "./story.ts";

/** The canaries of a rehearsal as one page that needs nothing from anywhere. */
export function canaryReport(findings: Findings, stories: readonly CanaryStory[]): string {
  const unmet = findings.expectations.filter(({ met }) => !met).length;
  const { requests, failures } = figuresOf(findings.samples);
  const verdict =
    unmet === 0
      ? `<p class="verdict good">All ${findings.expectations.length} expectations were met.</p>`
      : `<p class="verdict bad">${unmet} of ${findings.expectations.length} expectations were not met.</p>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rehearsal of two canaries</title>
<style>${style}
.charts svg{min-width:0}${chartStyle}</style>
</head>
<body>
<main>
<header>
<h1>Two canaries under load</h1>
<p class="dim">${escapeXml(new Date(findings.began).toUTCString())}, ${span(findings.ended - findings.began)}; ${requests} requests of clients, ${failures} failed.</p>
${verdict}
</header>
${stories.map(storySection).join("\n")}
<section>
<h2>Expected</h2>
<div class="scroll"><table><tbody>
${findings.expectations.map(expectationRow).join("\n")}
</tbody></table></div>
</section>
</main>
</body>
</html>
`;
}

function storySection(story: CanaryStory): string {
  const words = story.steps.map(({ step, weight, verdict, why }) => {
    return `<li><b>Step ${step}, ${weight} %: ${escapeXml(verdict ?? "stopped")}.</b> ${escapeXml(why)}</li>`;
  });
  return `<section class="charts">
<h2>${escapeXml(story.title)}</h2>
${canaryChart(story)}
<ul>${words.join("")}</ul>
</section>`;
}

function expectationRow({ step, what, found, met }: Findings["expectations"][number]): string {
  const mark = met ? '<td class="good">✓</td>' : '<td class="bad">✗</td>';
  return `<tr>${mark}<td>${escapeXml(step)}</td><td>${escapeXml(what)}</td><td class="dim">${escapeXml(found)}</td></tr>`;
}
