import type { Characteristics } from "./operating-characteristics.ts";

export const RULES = [
  { name: "ours", color: "#1f77b4" },
  { name: "Kayenta Mann–Whitney", color: "#9467bd" },
  { name: "Flagger 99 %, threshold 1", color: "#d62728" },
  { name: "Argo 95 %, failureLimit 0", color: "#ff7f0e" },
];

const PANEL = { width: 250, height: 190, left: 46, top: 64, gap: 28 };

/** Panels side by side, one a traffic level: share rolled back over the canary's true error rate. */
export function powerChart(rows: readonly Characteristics[]): string {
  const levels = [...new Set(rows.map((row) => row.traffic.requestsPerMinute))];
  const width = PANEL.left + levels.length * (PANEL.width + PANEL.gap);
  const panels = levels.map((level, index) => panel(rows, level, PANEL.left + index * (PANEL.width + PANEL.gap)));
  const legend = RULES.map(
    ({ name, color }, index) =>
      `<g transform="translate(${PANEL.left + index * 200},18)"><rect width="14" height="4" y="-4" fill="${color}"/><text x="20">${name}</text></g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} 310" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="Share of canaries rolled back, by rule and traffic">
<style>text{fill:#24292f}.grid{stroke:#8886}@media (prefers-color-scheme:dark){text{fill:#e6edf3}}</style>
${legend.join("\n")}
${panels.join("\n")}
</svg>
`;
}

/** Error rates on the horizontal axis, evenly spaced: the healthy one first. */
const RATES = [0.005, 0.02, 0.05, 0.1];

function panel(rows: readonly Characteristics[], level: number, x: number): string {
  const points = RATES.map((rate) =>
    rows.find(({ traffic: t }) => t.requestsPerMinute === level && t.canaryRate === rate && t.burst === 1),
  );
  const px = (index: number): number => x + 12 + (index * (PANEL.width - 24)) / (RATES.length - 1);
  const py = (share: number): number => PANEL.top + PANEL.height * (1 - share);
  const grid = [0, 0.5, 1].map(
    (share) =>
      `<line class="grid" x1="${x}" x2="${x + PANEL.width}" y1="${py(share)}" y2="${py(share)}"/><text x="${x - 6}" y="${py(share) + 4}" text-anchor="end">${share * 100}%</text>`,
  );
  const lines = RULES.map(({ name, color }) => {
    const shares = points.map((row) => (name === "ours" ? row?.verdicts.fail : row?.peers[name]) ?? 0);
    const path = shares.map((share, index) => `${px(index).toFixed(1)},${py(share).toFixed(1)}`).join(" ");
    const dots = shares.map(
      (s, i) => `<circle cx="${px(i).toFixed(1)}" cy="${py(s).toFixed(1)}" r="3" fill="${color}"/>`,
    );
    return `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"/>${dots.join("")}`;
  });
  const labels = RATES.map(
    (rate, index) =>
      `<text x="${px(index)}" y="${PANEL.top + PANEL.height + 18}" text-anchor="middle">${rate === 0.005 ? "healthy" : `${rate * 100} %`}</text>`,
  );
  const title = `<text x="${x + PANEL.width / 2}" y="${PANEL.top - 14}" text-anchor="middle" font-weight="600">${level} requests a minute</text>`;
  const axis = `<text x="${x + PANEL.width / 2}" y="${PANEL.top + PANEL.height + 38}" text-anchor="middle">canary's true error rate</text>`;
  return [...grid, ...lines, ...labels, title, axis].join("\n");
}
