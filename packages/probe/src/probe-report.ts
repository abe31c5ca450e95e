import { type Assessment, CHART_COLOURS, type EndpointStanding, xyChart } from "@augeo/release";
import type { SessionResult } from "./probe-session.ts";

/** As many points as a chart of GitHub's width shows apart. */
const CHART_POINTS = 40;
/** Fewer answers are told by the table as well. */
const LEAST_POINTS = 10;
const SHOWN_BODY = 2_000;

/** The table, the chart and the last failed answer of a session, as Markdown. Pure. */
export function probeReport(session: SessionResult): string {
  const blocks = [endpointTable(session), latencyChart(session), ...lastFailure(session.assessments)];
  return blocks.filter((block) => block !== "").join("\n\n");
}

function endpointTable({ endpoints, assessments }: SessionResult): string {
  const rows = endpoints.map((each) => {
    const state = each.failedInARow > 0 || each.probes === 0 ? "❌" : each.failed > 0 ? "⚠️" : "✅";
    const cells = [
      state,
      cell(each.url),
      each.probes,
      each.failed,
      each.inARow,
      ms(each.p50),
      ms(each.p95),
      sparkline(assessments, each),
      cell(each.lastFaults.join("; ")),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    "| | endpoint | probes | failed | in a row | p50 | p95 | latency | last fault |",
    "| --- | --- | --: | --: | --: | --: | --: | --- | --- |",
    ...rows,
  ].join("\n");
}

const BARS = "▁▂▃▄▅▆▇█";

/** The last answers' latencies as bars, failures as crosses: shows a trend also where charts are not drawn. */
function sparkline(assessments: readonly Assessment[], { name, p95 = 1 }: EndpointStanding): string {
  const own = assessments.filter((one) => one.endpoint === name).slice(-20);
  const bar = (latency: number): string => BARS[Math.min(7, Math.floor((latency / Math.max(1, p95)) * 7))] ?? "█";
  return own.map(({ faults, result }) => (faults.length > 0 ? "×" : bar(result.latency))).join("");
}

/** Latency over the session's time, the slowest of each stretch, all endpoints together. */
function latencyChart({ assessments, duration, startedAt }: SessionResult): string {
  if (assessments.length < LEAST_POINTS) return "";
  const count = Math.min(CHART_POINTS, assessments.length);
  const points = Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * assessments.length) / count);
    const to = Math.floor(((index + 1) * assessments.length) / count);
    return Math.max(...assessments.slice(from, to).map(({ result }) => Math.round(result.latency)));
  });
  const first = assessments[0]?.result.at ?? startedAt;
  const seconds = Math.max(1, Math.round((startedAt + duration - first) / 1_000));
  return xyChart({
    title: "Time to answer",
    x: { label: "seconds", from: 0, to: seconds },
    y: { label: "ms", from: 0, to: Math.max(10, ...points) },
    series: [{ kind: "line", colour: CHART_COLOURS.plain, values: points }],
  });
}

function lastFailure(assessments: readonly Assessment[]): string[] {
  const failed = assessments.findLast(({ faults }) => faults.length > 0);
  if (failed === undefined || failed.result.answer.kind === "failure") return [];
  return [`<details><summary>Last answer that failed</summary>\n\n${fenced(answerText(failed))}\n\n</details>`];
}

/** Status line, the telling headers and the head of the body, as plain text from outside: quote it where it is printed. */
export function answerText({ result: { url, answer } }: Assessment): string {
  if (answer.kind === "failure") return `GET ${url}\n${answer.message} (${answer.code})`;
  const headers = ["content-type", "location", "retry-after", "server", "x-release"]
    .filter((name) => answer.headers[name] !== undefined)
    .map((name) => `${name}: ${answer.headers[name]}`);
  const isCut = answer.truncated || answer.body.length > SHOWN_BODY;
  const body = isCut ? `${answer.body.slice(0, SHOWN_BODY)}\n… (cut)` : answer.body;
  return [`GET ${url}`, `HTTP ${answer.status}`, ...headers, "", body].join("\n");
}

/** A fence longer than any run of backticks inside. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

function cell(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll("|", "\\|")
    .replaceAll("`", "\\`");
}

function ms(value: number | undefined): string {
  return value === undefined ? "–" : `${Math.round(value)}&nbsp;ms`;
}
