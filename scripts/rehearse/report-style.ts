/** The report's style sheet: system fonts, and colours that hold in light and dark. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --ink: #1d232b; --dim: #626d7a; --line: #e3e7ec; --band: #4a6fa514;
  --good: #14804a; --bad: #c93434; --step: #5b7ea8;
  --r0: #2f6fd0; --r1: #17938a; --r2: #c9861a; --r3: #8a5cc4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161b; --card: #1a2027; --ink: #e6eaef; --dim: #97a3b0; --line: #2b333d; --band: #8fb4e81a;
    --good: #4cc38a; --bad: #ff6b6b; --step: #7f9fc6;
    --r0: #5b93ea; --r1: #3db9ae; --r2: #e0a544; --r3: #ab86dd;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 48px; }
h1 { margin: 0; font-size: 26px; letter-spacing: -0.01em; }
h2 { margin: 0 0 12px; font-size: 16px; }
p { margin: 4px 0 0; }
.dim { color: var(--dim); }
.good { color: var(--good); }
.bad { color: var(--bad); }
.verdict { margin-top: 12px; font-weight: 600; font-size: 17px; }
section { margin-top: 20px; padding: 18px 20px; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
section.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; padding: 0; background: none; border: 0; }
.tile { padding: 14px 16px; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.tile b { display: block; font-size: 24px; font-variant-numeric: tabular-nums; line-height: 1.2; }
.tile span { color: var(--dim); font-size: 13px; }
.tile.bad b { color: var(--bad); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: -4px 0 8px; color: var(--dim); font-size: 13px; }
.legend i { display: inline-block; width: 12px; height: 12px; margin-right: 6px; border-radius: 3px; vertical-align: -1px; }
.legend i.p95, .legend i.median { height: 3px; vertical-align: 4px; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 14px; }
th { color: var(--dim); font-weight: 500; text-align: left; white-space: nowrap; }
th:first-child { min-width: 170px; }
th, td { padding: 7px 20px 7px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
svg { display: block; width: 100%; min-width: 720px; height: auto; }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
svg .tick, svg .note { fill: var(--dim); font-size: 11px; }
svg .strong { font-weight: 600; }
svg .on-bar { fill: #fff; font-weight: 600; font-size: 11px; }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .band { fill: var(--band); }
svg .step { fill: var(--step); }
svg .step.failed { fill: var(--bad); }
svg .release-0 { fill: var(--r0); } svg .release-1 { fill: var(--r1); }
svg .release-2 { fill: var(--r2); } svg .release-3 { fill: var(--r3); }
svg .failure { fill: var(--bad); }
svg path { fill: none; stroke-width: 2; stroke-linejoin: round; }
svg path.p95 { stroke: var(--r2); } svg path.median { stroke: var(--r0); }
svg .hover { fill: transparent; } svg .hover:hover { fill: var(--r2); }
i.release-0, i.median { background: var(--r0); } i.release-1 { background: var(--r1); }
i.release-2, i.p95 { background: var(--r2); } i.release-3 { background: var(--r3); }
i.failure { background: var(--bad); }
`;
