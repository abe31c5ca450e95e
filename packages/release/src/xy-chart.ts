/** A chart in GitHub's Markdown, drawn by Mermaid. Labels are ours, never text from outside. */
export interface XyChart {
  title: string;
  x: Axis;
  y: Axis;
  /** In the order in which they are drawn; each has as many values as the others, evenly spread over the x-axis. */
  series: readonly { kind: "bar" | "line"; colour: string; values: readonly (number | string)[] }[];
}

interface Axis {
  label: string;
  from: number | string;
  to: number | string;
}

/** Seen on white and on black alike; the first of Mermaid's own colours is not seen on white. */
export const CHART_COLOURS = { bad: "#e5534b", limit: "#848d97", plain: "#4493f8" } as const;

/** As wide as a job summary, and low: there may be several. */
const SIZE = { width: 880, height: 300 };

export function xyChart({ title, x, y, series }: XyChart): string {
  const plotColorPalette = series.map(({ colour }) => colour).join(", ");
  const init = { xyChart: SIZE, themeVariables: { xyChart: { plotColorPalette, backgroundColor: "transparent" } } };
  const axis = ({ label, from, to }: Axis): string => `"${label}" ${from} --> ${to}`;
  return [
    "```mermaid",
    `%%{init: ${JSON.stringify(init)}}%%`,
    "xychart-beta",
    `  title "${title}"`,
    `  x-axis ${axis(x)}`,
    `  y-axis ${axis(y)}`,
    ...series.map(({ kind, values }) => `  ${kind} [${values.join(", ")}]`),
    "```",
  ].join("\n");
}
