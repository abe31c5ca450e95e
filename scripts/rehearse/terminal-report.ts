import { clock, during, figuresOf, liveSpans, type Second, type Step, secondsOf, span } from "./figures.ts";
import { paint, visibleLength, width } from "./progress.ts";
import type { Findings } from "./scenario.ts";

const colours = ["cyan", "blue", "magenta", "yellow"] as const;
type Colour = (typeof colours)[number];

const colourOf = (releases: readonly string[], release: string): Colour =>
  colours[Math.max(0, releases.indexOf(release)) % colours.length] ?? "cyan";

function pad(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - visibleLength(text)));
}

function table(rows: readonly string[][], right: readonly number[]): string[] {
  const columns = rows[0]?.map((_, index) => Math.max(...rows.map((row) => visibleLength(row[index] ?? "")))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, index) => {
        const columnWidth = columns[index] ?? 0;
        return right.includes(index) ? " ".repeat(columnWidth - visibleLength(cell)) + cell : pad(cell, columnWidth);
      })
      .join("   ")
      .trimEnd(),
  );
}

/** Which column of the timeline a moment falls into. */
type Scale = (at: number) => number;

function stepBar(step: Step, scale: Scale, columns: number): string {
  const [from, to] = [scale(step.began), Math.max(scale(step.began) + 1, scale(step.ended))];
  const bar = "█".repeat(Math.min(to, columns) - from);
  return " ".repeat(from) + paint(step.asExpected ? "green" : "red", bar);
}

function liveBar(findings: Findings, releases: readonly string[], scale: Scale, columns: number): string {
  let bar = "";
  for (const { release, began, ended } of liveSpans(findings.samples, findings.ended)) {
    const from = scale(began);
    bar += " ".repeat(Math.max(0, from - visibleLength(bar)));
    const room = Math.min(scale(ended), columns) - visibleLength(bar);
    const label = room > release.length + 1 ? ` ${release}` : "";
    if (room > 0) bar += paint(["inverse", colourOf(releases, release)], pad(label, room));
  }
  return bar;
}

/** The worst second of each column decides, so that none is averaged away. */
function columnsOf(seconds: readonly Second[], columns: number): Second[][] {
  const parts: Second[][] = Array.from({ length: columns }, () => []);
  for (const second of seconds) parts[Math.floor((second.second / seconds.length) * columns)]?.push(second);
  return parts;
}

const blocks = " ▁▂▃▄▅▆▇█";

function sparkline(values: readonly number[]): string {
  const most = Math.max(...values, 1);
  return values.map((value) => blocks[value <= 0 ? 0 : Math.max(1, Math.round((value / most) * 8))]).join("");
}

function timeline(findings: Findings): string[] {
  const titles = findings.steps.map(({ title }) => title);
  const label = Math.max(...titles.map((title) => title.length), 18);
  const columns = Math.max(20, Math.min(width(), 140) - label - 3);
  const total = findings.ended - findings.began;
  const scale: Scale = (at) => Math.round(((at - findings.began) / total) * columns);
  const seconds = columnsOf(secondsOf(findings.samples, findings.began, findings.ended), columns);
  const failures = seconds.map((part) => part.reduce((sum, one) => sum + one.failures, 0));
  const p95 = seconds.map((part) => Math.max(0, ...part.map((one) => one.p95)));
  const releases = [...new Set(findings.samples.flatMap(({ release }) => release ?? []))];
  const line = (name: string, bar: string) => `${pad(paint("dim", name), label)}   ${bar}`;
  const marks = [0, 0.25, 0.5, 0.75].map((part) => pad(clock(total * part), Math.round(columns / 4)));
  return [
    line("", paint("dim", marks.join(""))),
    ...findings.steps.map((step) => `${pad(step.title, label)}   ${stepBar(step, scale, columns)}`),
    line("live in production", liveBar(findings, releases, scale, columns)),
    line("failed requests", paint("red", sparkline(failures))),
    line(`p95, up to ${span(Math.max(0, ...p95))}`, paint("dim", sparkline(p95))),
  ];
}

function stepTable(findings: Findings): string[] {
  const head = ["step", "from", "took", "ended with", "requests", "failed", "median", "p95"].map((text) =>
    paint("dim", text),
  );
  const rows = findings.steps.map((step) => {
    const { requests, failures, median, p95 } = figuresOf(during(findings.samples, step));
    const failed = failures === 0 ? "0" : paint("red", String(failures));
    return [
      step.title,
      clock(step.began - findings.began),
      span(step.ended - step.began),
      paint(step.asExpected ? "green" : "red", step.outcome),
      ...(requests === 0
        ? ["–", "–", "–", "–"]
        : [String(requests), failed, `${Math.round(median)} ms`, `${Math.round(p95)} ms`]),
    ];
  });
  return table([head, ...rows], [1, 2, 4, 5, 6, 7]);
}

function expectationTable({ expectations }: Findings): string[] {
  const rows = expectations.map(({ step, what, found, met }, index) => {
    const first = expectations[index - 1]?.step !== step;
    return [met ? paint("green", "✓") : paint("red", "✗"), first ? step : "", what, paint("dim", found)];
  });
  return table(rows, []);
}

const heading = (text: string): string => `\n${paint("bold", text)}\n`;

/** What the rehearsal found, for a terminal: a timeline, the steps in figures, and what was expected. */
export function terminalReport(findings: Findings): string {
  const unmet = findings.expectations.filter(({ met }) => !met).length;
  const { requests, failures } = figuresOf(findings.samples);
  const verdict =
    unmet === 0
      ? paint(["bold", "green"], `All ${findings.expectations.length} expectations were met.`)
      : paint(["bold", "red"], `${unmet} of ${findings.expectations.length} expectations were not met.`);
  return [
    heading("Timeline"),
    ...timeline(findings),
    heading("Steps, and what the clients saw meanwhile"),
    ...stepTable(findings),
    heading("Expected"),
    ...expectationTable(findings),
    "",
    `${requests} requests, ${failures} failed, in ${span(findings.ended - findings.began)}. ${verdict}`,
  ].join("\n");
}
