import { RULES } from "./power-chart.ts";
import type { WholeCanary } from "./whole-canary.ts";

const ROW = 15;
const LEFT = 190;
const WIDTH = 420;

/** Two panels of bars: healthy canaries that are rolled back (none should be), and bad ones (all should be). */
export function wholeChart(wholes: readonly WholeCanary[]): string {
  const healthy = wholes.filter(({ canaryRate, burst }) => canaryRate === 0.005 && burst === 1);
  const bursty = wholes.filter(({ canaryRate, burst }) => canaryRate === 0.005 && burst > 1);
  const bad = wholes.filter(({ canaryRate }) => canaryRate > 0.005);
  const groups = [
    ["healthy", healthy],
    ["healthy, errors in bursts of 5", bursty],
    ["5 % errors instead of 0.5 %", bad],
  ] as const;
  let y = 44;
  const parts: string[] = [];
  for (const [title, rows] of groups) {
    parts.push(`<text x="${LEFT}" y="${y}" font-weight="600">${title}: rolled back</text>`);
    y += 10;
    for (const row of rows) {
      parts.push(bars(row, y));
      y += RULES.length * ROW + 12;
    }
    y += 20;
  }
  const legend = RULES.map(
    ({ name, color }, index) =>
      `<g transform="translate(${10 + index * 190},16)"><rect width="14" height="8" y="-8" fill="${color}"/><text x="20">${name}</text></g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 780 ${y}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="Share of whole canaries rolled back, by rule and traffic">
<style>text{fill:#24292f}.track{fill:#8882}@media (prefers-color-scheme:dark){text{fill:#e6edf3}}</style>
${legend.join("\n")}
${parts.join("\n")}
</svg>
`;
}

function bars(row: WholeCanary, top: number): string {
  const label = `<text x="${LEFT - 12}" y="${top + (RULES.length * ROW) / 2 + 4}" text-anchor="end">${row.requestsPerMinute} requests/min</text>`;
  const lines = RULES.map(({ name, color }, index) => {
    const share = name === "ours" ? row.rolledBack : (row.peers[name] ?? 0);
    const y = top + index * ROW;
    const track = `<rect class="track" x="${LEFT}" y="${y}" width="${WIDTH}" height="${ROW - 4}"/>`;
    const bar = `<rect x="${LEFT}" y="${y}" width="${Math.max(share > 0 ? 1 : 0, share * WIDTH).toFixed(1)}" height="${ROW - 4}" fill="${color}"/>`;
    return `${track}${bar}<text x="${LEFT + WIDTH + 8}" y="${y + ROW - 5}">${(share * 100).toFixed(1)} %</text>`;
  });
  return label + lines.join("");
}
