import { latencyChart, releaseClass, timelineChart, trafficChart } from "./charts.ts";
import { clock, during, figuresOf, span } from "./figures.ts";
import { style } from "./report-style.ts";
import type { Findings } from "./scenario.ts";
import { escapeXml } from "./svg.ts";

const cell = (text: string, kind = ""): string => `<td${kind === "" ? "" : ` class="${kind}"`}>${escapeXml(text)}</td>`;

function tile(value: string, name: string, kind = ""): string {
  return `<div class="tile ${kind}"><b>${escapeXml(value)}</b><span>${escapeXml(name)}</span></div>`;
}

function tiles(findings: Findings): string {
  const { requests, failures, p95 } = figuresOf(findings.samples);
  const bids = findings.samples.filter(({ kind, status }) => kind === "bid" && status === 201).length;
  const elsewhere = findings.expectations.find(({ what }) => what.startsWith("no request fails but"));
  return [
    tile(String(requests), "requests of clients"),
    tile(
      String(failures),
      elsewhere?.met === true ? "failed, all of release 3" : "failed",
      elsewhere?.met === true ? "" : "bad",
    ),
    tile(String(bids), "bids accepted and kept"),
    tile(`${Math.round(p95)} ms`, "95th percentile"),
    tile(span(findings.ended - findings.began), "in all"),
  ].join("");
}

function legend(findings: Findings): string {
  const releases = [...new Set(findings.samples.flatMap(({ release }) => release ?? []))].sort();
  const keys = releases.map(
    (release) => `<span><i class="${releaseClass(findings, release)}"></i>${escapeXml(release)} answered</span>`,
  );
  return `<p class="legend">${keys.join("")}<span><i class="failure"></i>failed</span></p>`;
}

function stepRows(findings: Findings): string {
  return findings.steps
    .map((step) => {
      const { requests, failures, median, p95 } = figuresOf(during(findings.samples, step));
      const traffic =
        requests === 0
          ? ["–", "–", "–", "–"]
          : [String(requests), String(failures), `${Math.round(median)} ms`, `${Math.round(p95)} ms`];
      const figures = traffic.map((text, index) => cell(text, index === 1 && failures > 0 ? "number bad" : "number"));
      const when = [clock(step.began - findings.began), span(step.ended - step.began)].map((text) =>
        cell(text, "number"),
      );
      return `<tr>${cell(step.title)}${when.join("")}${cell(step.outcome, step.asExpected ? "good" : "bad")}${figures.join("")}</tr>`;
    })
    .join("\n");
}

function expectationRows({ expectations }: Findings): string {
  return expectations
    .map(({ step, what, found, met }, index) => {
      const first = expectations[index - 1]?.step !== step ? step : "";
      return `<tr>${cell(met ? "✓" : "✗", met ? "good" : "bad")}${cell(first)}${cell(what)}${cell(found, "dim")}</tr>`;
    })
    .join("\n");
}

function verdict({ expectations }: Findings): string {
  const unmet = expectations.filter(({ met }) => !met).length;
  if (unmet === 0) return `<p class="verdict good">All ${expectations.length} expectations were met.</p>`;
  return `<p class="verdict bad">${unmet} of ${expectations.length} expectations were not met.</p>`;
}

/** The rehearsal as one page that needs nothing from anywhere. */
export function htmlReport(findings: Findings): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rehearsal of the auction app</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<h1>Rehearsal of the auction app</h1>
<p class="dim">${escapeXml(new Date(findings.began).toUTCString())}. Clients called production all the time, with connections kept open and nothing tried again.</p>
${verdict(findings)}
</header>
<section class="tiles">${tiles(findings)}</section>
<section><h2>Timeline</h2><div class="scroll">${timelineChart(findings)}</div></section>
<section><h2>Requests each second</h2>${legend(findings)}<div class="scroll">${trafficChart(findings)}</div></section>
<section><h2>Latency</h2><p class="legend"><span><i class="p95"></i>95th percentile</span><span><i class="median"></i>median</span></p><div class="scroll">${latencyChart(findings)}</div></section>
<section><h2>Steps, and what the clients saw meanwhile</h2>
<div class="scroll"><table>
<thead><tr><th>Step</th><th class="number">From</th><th class="number">Took</th><th>Ended with</th><th class="number">Requests</th><th class="number">Failed</th><th class="number">Median</th><th class="number">p95</th></tr></thead>
<tbody>${stepRows(findings)}</tbody>
</table></div></section>
<section><h2>Expected</h2>
<div class="scroll"><table><tbody>${expectationRows(findings)}</tbody></table></div></section>
</main>
</body>
</html>
`;
}
