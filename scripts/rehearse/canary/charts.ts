/** The pictures of a canary, one under the other on one time axis: weight, error rates with intervals, evidence. */
import { wilson } from "../../../packages/release/src/judge/statistics.ts";
import { clock } from "../figures.ts";
import { element, label, path, ticks, tooltip } from "../svg.ts";
import { type CanaryStory, type Moment, momentsOf } from "./story.ts";

const WIDTH = 860;
const LEFT = 150;
const RIGHT = 16;

interface Panel {
  story: CanaryStory;
  x(at: number): number;
  y(value: number): number;
  top: number;
  bottom: number;
}

function panelOf(story: CanaryStory, top: number, height: number, most: number): Panel {
  const [from, to] = [story.began, story.ended];
  const bottom = top + height;
  return {
    story,
    top,
    bottom,
    x: (at) => LEFT + ((at - from) / Math.max(1, to - from)) * (WIDTH - LEFT - RIGHT),
    y: (value) => bottom - (Math.min(value, most) / most) * height,
  };
}

function scale({ y, top, bottom }: Panel, marks: readonly number[], unit: string, title: string): string {
  const lines = marks.map(
    (value) =>
      element("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value) }) +
      label(LEFT - 8, y(value) + 4, `${value}${unit}`, { class: "tick", "text-anchor": "end" }),
  );
  return lines.join("") + label(8, (top + bottom) / 2 + 4, title, { class: "row" });
}

/** A change of the weight: a line through all panels. */
function borders(panel: Panel, top: number, bottom: number): string {
  return panel.story.steps
    .map(({ "set-at": setAt }) => panel.x(Date.parse(setAt)))
    .map((x) => element("line", { class: "border", x1: x, x2: x, y1: top, y2: bottom }))
    .join("");
}

/** The share that was set, until the canary ended: its swap or its abort. */
function weights(panel: Panel): string {
  const { story, x, y } = panel;
  const steps = story.steps.map(({ weight, "set-at": setAt }) => ({ weight, at: Date.parse(setAt) }));
  const end = weightEnd(story);
  const corners: [number, number][] = [[x(story.began), y(0)]];
  for (const [index, { weight, at }] of steps.entries()) {
    corners.push([x(at), corners.at(-1)?.[1] ?? y(0)], [x(at), y(weight)], [x(steps[index + 1]?.at ?? end), y(weight)]);
  }
  const isGood = story.steps.at(-1)?.verdict === "pass";
  const last = y(isGood ? 100 : 0);
  corners.push([x(end), last], [x(story.ended), last]);
  const area = `${path(corners)}L${x(story.ended)} ${y(0)}L${x(story.began)} ${y(0)}Z`;
  const notes = steps.map(({ weight, at }) => label(x(at) + 6, y(weight) - 6, `${weight} %`, { class: "note" }));
  const said = isGood ? "swap: 100 %" : "0 %, rule removed";
  const place = isGood
    ? { x: x(end) - 6, y: y(100) + 14, anchor: "end" }
    : { x: WIDTH - RIGHT, y: y(steps.at(-1)?.weight ?? 0) - 8, anchor: "end" };
  const style = { class: isGood ? "note good" : "note bad", "text-anchor": place.anchor };
  const note = label(place.x, place.y, said, style);
  return (
    element("path", { class: "area new", d: area }) +
    element("path", { class: "line new", d: path(corners) }) +
    notes.join("") +
    note
  );
}

function weightEnd(story: CanaryStory): number {
  const last = story.steps.at(-1);
  const seconds = last?.metrics[0]?.series.at(-1)?.[0] ?? 0;
  return last ? Math.min(story.ended, Date.parse(last["set-at"]) + seconds * 1000 + 1500) : story.ended;
}

const rateOf = ({ total, bad }: Moment["canary"]): number => (total === 0 ? 0 : (100 * bad) / total);

/** An arm's share of bad requests in its step so far, in the band of its interval. */
function arm({ x, y }: Panel, moments: readonly Moment[], which: "canary" | "live", style: string): string {
  const groups = Map.groupBy(moments, ({ step }) => step);
  return [...groups.values()]
    .map((group) => {
      const seen = group.filter((moment) => moment[which].total > 0);
      if (seen.length === 0) return "";
      const interval = seen.map((moment) => ({ at: moment.at, ...wilson(moment[which].bad, moment[which].total) }));
      const upper = interval.map(({ at, upper: top }) => [x(at), y(top * 100)] as const);
      const lower = interval.map(({ at, lower: low }) => [x(at), y(low * 100)] as const).reverse();
      const line = seen.map((moment) => [x(moment.at), y(rateOf(moment[which]))] as const);
      const band = `${path([...upper, ...lower])}Z`;
      return (
        element("path", { class: `band ${style}`, d: band }) +
        element("path", { class: `line ${style}`, d: path(line) })
      );
    })
    .join("");
}

/** How sure the judge is that it is worse; at the line it fails. */
function evidence({ x, y }: Panel, moments: readonly Moment[]): string {
  const groups = Map.groupBy(moments, ({ step }) => step);
  return [...groups.values()]
    .map((group) => {
      const threshold = group[0]?.threshold ?? 0;
      const [from, to] = [x(group[0]?.at ?? 0), x(group.at(-1)?.at ?? 0)];
      const limit = element("line", { class: "limit", x1: from - 4, x2: to + 4, y1: y(threshold), y2: y(threshold) });
      const line = path(group.map((moment) => [x(moment.at), y(moment.evidence)] as const));
      const crossed = group.find((moment) => moment.evidence >= threshold);
      const mark = crossed
        ? element(
            "circle",
            { class: "crossed", cx: x(crossed.at), cy: y(crossed.evidence), r: 5 },
            tooltip("the evidence sufficed"),
          )
        : "";
      return limit + element("path", { class: "line proof", d: line }) + mark;
    })
    .join("");
}

function verdicts({ x }: Panel, story: CanaryStory, y: number): string {
  return story.steps
    .map((step, index) => {
      const from = Date.parse(step["set-at"]);
      const until = Date.parse(story.steps[index + 1]?.["set-at"] ?? "") || weightEnd(story);
      const [left, right] = [x(from), x(until)];
      const style = step.verdict === "pass" ? "good" : step.verdict === "fail" ? "bad" : "unsure";
      const box = element(
        "rect",
        { class: `verdict ${style}`, x: left + 1, y, width: Math.max(46, right - left - 2), height: 20, rx: 4 },
        tooltip(step.why),
      );
      const words = step.verdict ?? "stopped";
      return (
        box + label(left + Math.max(46, right - left) / 2, y + 14, words, { class: "on-bar", "text-anchor": "middle" })
      );
    })
    .join("");
}

function timeMarks({ story, x }: Panel, top: number, bottom: number): string {
  const seconds = (story.ended - story.began) / 1000;
  const every = [5, 10, 15, 30, 60, 120, 300].find((step) => seconds / step <= 10) ?? 600;
  const marks: string[] = [];
  for (let second = 0; second <= seconds; second += every) {
    const at = x(story.began + second * 1000);
    marks.push(element("line", { class: "grid", x1: at, x2: at, y1: top, y2: bottom }));
    marks.push(label(at, bottom + 15, clock(second * 1000), { class: "tick", "text-anchor": "middle" }));
  }
  return marks.join("");
}

/** One drawing that tells why a canary ended as it did. */
export function canaryChart(story: CanaryStory): string {
  const moments = momentsOf(story);
  const rates = moments.flatMap(({ canary, live }) => [
    rateOf(canary),
    rateOf(live),
    ...(canary.total > 40 ? [wilson(canary.bad, canary.total).upper * 100] : []),
  ]);
  const rateMarks = ticks(Math.min(100, Math.max(5, ...rates)));
  // Beyond three times the limit nothing is told apart any more.
  const proofs = moments.flatMap(({ evidence: value, threshold }) => [Math.min(value, 3 * threshold), threshold]);
  const proofMarks = ticks(Math.max(1, ...proofs));
  const weight = panelOf(story, 16, 90, 100);
  const rate = panelOf(story, 132, 130, rateMarks.at(-1) ?? 5);
  const proof = panelOf(story, 288, 100, proofMarks.at(-1) ?? 5);
  const bottom = proof.bottom;
  const parts = [
    timeMarks(proof, 16, bottom),
    scale(weight, [0, 50, 100], " %", "share"),
    scale(rate, rateMarks, " %", "bad requests"),
    scale(proof, proofMarks, "", "evidence"),
    borders(proof, 16, bottom),
    weights(weight),
    arm(rate, moments, "live", "live"),
    arm(rate, moments, "canary", "new"),
    evidence(proof, moments),
    label(8, bottom + 40, "verdict", { class: "row" }),
    verdicts(proof, story, bottom + 26),
    legend(bottom + 72),
  ];
  const attributes = { viewBox: `0 0 ${WIDTH} ${bottom + 84}`, role: "img", "aria-label": story.title };
  return element("svg", { xmlns: "http://www.w3.org/2000/svg", ...attributes }, ...parts);
}

function legend(y: number): string {
  const entries = [
    ["new", "new release, with 90 % interval"],
    ["live", "live release"],
    ["proof", "evidence that it is worse"],
    ["limit", "fails here"],
  ] as const;
  return entries
    .map(([style, words], index) => {
      const x = LEFT + ([0, 236, 356, 560][index] ?? 0);
      return (
        element("line", { class: `line ${style}`, x1: x, x2: x + 20, y1: y - 4, y2: y - 4 }) +
        label(x + 26, y, words, { class: "tick" })
      );
    })
    .join("");
}

/** Colours of the charts, by class; light and dark. */
export const chartStyle = `
text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#24292f}
.tick{fill:#57606a;font-size:11px}.row{font-weight:600}.note{font-size:11px;font-weight:600}
.on-bar{fill:#fff;font-size:11px;font-weight:600}
.grid{stroke:#d0d7de;stroke-width:1}.border{stroke:#8c959f;stroke-dasharray:3 3}
.line{fill:none;stroke-width:2}.line.new{stroke:#0969da}.line.live{stroke:#6e7781}.line.proof{stroke:#8250df}
.limit,.line.limit{stroke:#cf222e;stroke-width:1.5;stroke-dasharray:5 4;fill:none}
.band.new{fill:#0969da;opacity:.16}.band.live{fill:#6e7781;opacity:.2}.area.new{fill:#0969da;opacity:.12}
.crossed{fill:#cf222e}.verdict.good{fill:#1a7f37}.verdict.bad{fill:#cf222e}.verdict.unsure{fill:#9a6700}
.note.good{fill:#1a7f37}.note.bad{fill:#cf222e}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.tick{fill:#9198a1}.grid{stroke:#30363d}.border{stroke:#6e7681}
.line.new{stroke:#58a6ff}.line.live{stroke:#9198a1}.line.proof{stroke:#bc8cff}.limit,.line.limit{stroke:#ff7b72}
.band.new,.area.new{fill:#58a6ff}.band.live{fill:#9198a1}.crossed{fill:#ff7b72}
.note.good{fill:#3fb950}.note.bad{fill:#ff7b72}.verdict.good{fill:#238636}.verdict.bad{fill:#da3633}}
`.trim();

/** The chart as a file of its own. */
export const canaryPicture = (story: CanaryStory): string =>
  canaryChart(story).replace(/(<svg[^>]*>)/, `$1<style>${chartStyle}</style>`);
