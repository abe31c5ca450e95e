import { clock, liveSpans, type Second, secondsOf, span } from "./figures.ts";
import type { Findings } from "./scenario.ts";
import { element, label, path, ticks, tooltip } from "./svg.ts";

/** All charts share their width and their time axis, so that one can be read under the other. */
const WIDTH = 1000;
const LEFT = 170;
const RIGHT = 12;

export interface Axis {
  x(at: number): number;
  seconds: number;
  /** Seconds between two marks. */
  every: number;
  began: number;
}

export function axisOf({ began, ended }: Pick<Findings, "began" | "ended">): Axis {
  const total = ended - began;
  const every = [5, 10, 15, 30, 60].find((step) => total / 1000 / step <= 12) ?? 120;
  return { x: (at) => LEFT + ((at - began) / total) * (WIDTH - LEFT - RIGHT), seconds: total / 1000, every, began };
}

/** The class of a release's colour: the same in every chart. */
export function releaseClass(findings: Findings, release: string): string {
  const order = [...new Set(findings.samples.flatMap((sample) => sample.release ?? []))].sort();
  return `release-${Math.max(0, order.indexOf(release)) % 4}`;
}

function timeMarks(axis: Axis, top: number, bottom: number): string {
  const marks: string[] = [];
  for (let second = 0; second <= axis.seconds; second += axis.every) {
    const x = axis.x(axis.began + second * 1000);
    marks.push(element("line", { class: "grid", x1: x, x2: x, y1: top, y2: bottom }));
    marks.push(label(x, bottom + 16, clock(second * 1000), { class: "tick", "text-anchor": "middle" }));
  }
  return marks.join("");
}

function chart(height: number, title: string, ...content: string[]): string {
  const attributes = { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": title };
  return element("svg", attributes, ...content);
}

const ROW = 30;

function bar(axis: Axis, from: number, to: number, y: number, style: string, title: string): string {
  const [left, right] = [axis.x(from), axis.x(to)];
  const box = { class: style, x: left, y, width: Math.max(3, right - left), height: ROW - 12, rx: 4 };
  return element("rect", box, tooltip(title));
}

/** The steps, and beneath them which release answered production. */
export function timelineChart(findings: Findings): string {
  const axis = axisOf(findings);
  const { steps, ended } = findings;
  const bottom = (steps.length + 1) * ROW + 8;
  const rows = steps.map((step, index) => {
    const y = index * ROW + 6;
    const from = `${step.title}: ${step.outcome}, from ${clock(step.began - axis.began)}, ${span(step.ended - step.began)}`;
    const style = step.asExpected ? "step" : "step failed";
    const near = axis.x(step.ended) < WIDTH - 160;
    const x = near ? axis.x(step.ended) + 8 : axis.x(step.began) - 8;
    const note = label(x, y + 13, step.outcome, { class: "note", "text-anchor": near ? "start" : "end" });
    return (
      label(LEFT - 12, y + 13, step.title.replace(/,.*/, ""), { class: "row", "text-anchor": "end" }) +
      bar(axis, step.began, step.ended, y, style, from) +
      note
    );
  });
  const y = steps.length * ROW + 6;
  const live = liveSpans(findings.samples, ended).map(({ release, began, ended: until }) => {
    const wide = axis.x(until) - axis.x(began) > 26;
    const name = label((axis.x(began) + axis.x(until)) / 2, y + 13, release, {
      class: "on-bar",
      "text-anchor": "middle",
    });
    const title = `${release} is live from ${clock(began - axis.began)} to ${clock(until - axis.began)}`;
    return bar(axis, began, until, y, releaseClass(findings, release), title) + (wide ? name : "");
  });
  const liveLabel = label(LEFT - 12, y + 13, "live in production", { class: "row strong", "text-anchor": "end" });
  return chart(bottom + 24, "Timeline", timeMarks(axis, 0, bottom), ...rows, liveLabel, ...live);
}

/** A chart of values over time: its scale, its frame and its marks. */
interface Frame {
  axis: Axis;
  y(value: number): number;
  bottom: number;
  backdrop: string;
}

function frameOf(findings: Findings, most: number, height: number, unit: string): Frame {
  const axis = axisOf(findings);
  const marks = ticks(most);
  const [top, bottom] = [12, height - 26];
  const highest = marks.at(-1) ?? 1;
  const y = (value: number): number => bottom - (Math.min(value, highest) / highest) * (bottom - top);
  const lines = marks.map(
    (value) =>
      element("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value) }) +
      label(LEFT - 10, y(value) + 4, `${value} ${unit}`.trim(), { class: "tick", "text-anchor": "end" }),
  );
  const bands = findings.steps.map(({ began, ended }) =>
    element("rect", {
      class: "band",
      x: axis.x(began),
      y: top,
      width: Math.max(1, axis.x(ended) - axis.x(began)),
      height: bottom - top,
    }),
  );
  return { axis, y, bottom, backdrop: bands.join("") + timeMarks(axis, top, bottom) + lines.join("") };
}

function column(findings: Findings, { axis, y }: Frame, { second, byRelease, failures }: Second): string {
  const at = axis.began + second * 1000;
  const [x, width] = [axis.x(at) + 0.5, Math.max(1, axis.x(at + 1000) - axis.x(at) - 1)];
  const parts = [
    ...[...byRelease]
      .sort()
      .map(([release, count]) => [releaseClass(findings, release), `${release}: ${count} answered`, count] as const),
    ["failure", `${failures} failed`, failures] as const,
  ];
  let below = 0;
  return parts
    .filter(([, , count]) => count > 0)
    .map(([style, title, count]) => {
      const rect = { class: style, x, width, y: y(below + count), height: y(below) - y(below + count) };
      below += count;
      return element("rect", rect, tooltip(`${clock(second * 1000)} ${title}`));
    })
    .join("");
}

/** Requests of each second, by the release that answered; what failed is on top. */
export function trafficChart(findings: Findings): string {
  const seconds = secondsOf(findings.samples, findings.began, findings.ended);
  const totals = seconds.map(({ byRelease, failures }) =>
    [...byRelease.values()].reduce((sum, one) => sum + one, failures),
  );
  const frame = frameOf(findings, Math.max(...totals), 220, "/s");
  return chart(220, "Requests each second", frame.backdrop, ...seconds.map((one) => column(findings, frame, one)));
}

function line(
  { axis, y }: Frame,
  seconds: readonly Second[],
  value: (second: Second) => number,
  style: string,
): string {
  const points = seconds
    .filter(({ p95 }) => p95 > 0)
    .map((one) => [axis.x(axis.began + one.second * 1000 + 500), y(value(one))] as const);
  return element("path", { class: style, d: path(points) });
}

/** How long answers took: the median and the 95th percentile of each second. */
export function latencyChart(findings: Findings): string {
  const seconds = secondsOf(findings.samples, findings.began, findings.ended);
  const frame = frameOf(findings, Math.max(...seconds.map(({ p95 }) => p95)), 200, "ms");
  const dots = seconds
    .filter(({ p95 }) => p95 > 0)
    .map(({ second, median, p95 }) => {
      const at = { cx: frame.axis.x(frame.axis.began + second * 1000 + 500), cy: frame.y(p95), r: 5, class: "hover" };
      return element(
        "circle",
        at,
        tooltip(`${clock(second * 1000)}: median ${Math.round(median)} ms, p95 ${Math.round(p95)} ms`),
      );
    });
  const lines = [line(frame, seconds, ({ p95 }) => p95, "p95"), line(frame, seconds, ({ median }) => median, "median")];
  return chart(200, "Latency", frame.backdrop, ...lines, ...dots);
}
