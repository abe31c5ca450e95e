/** The page's style sheet: near to how GitHub shows a run and its summaries, in light and dark. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --page: #f6f8fa; --card: #fff; --ink: #1f2328; --dim: #59636e; --line: #d1d9e0; --soft: #f6f8fa;
  --good: #1a7f37; --bad: #cf222e; --mild: #9a6700; --link: #0969da;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #010409; --card: #0d1117; --ink: #f0f6fc; --dim: #9198a1; --line: #3d444d; --soft: #151b23;
    --good: #3fb950; --bad: #f85149; --mild: #d29922; --link: #4493f8;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 14px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 1012px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { margin: 0; font-size: 22px; font-weight: 600; }
h2 { margin: 0 0 12px; font-size: 14px; font-weight: 600; }
a { color: var(--link); }
.dim { color: var(--dim); }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.card { margin-top: 16px; padding: 16px; background: var(--card); border: 1px solid var(--line); border-radius: 6px; overflow-x: auto; }
.icon { font-weight: 700; color: var(--dim); }
.icon.success { color: var(--good); } .icon.failure, .icon.startup_failure { color: var(--bad); } .icon.cancelled { color: var(--mild); }
.graph { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
.column { display: grid; gap: 8px; }
.arrow { color: var(--dim); }
.job { padding: 6px 12px; border: 1px solid var(--line); border-radius: 6px; background: var(--soft); white-space: nowrap; }
.job.failure { border-color: var(--bad); } .job.skipped { color: var(--dim); }
.row { display: grid; grid-template-columns: minmax(150px, 260px) 1fr 80px; gap: 12px; align-items: center; padding: 3px 0; }
.row > span:first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bar { position: relative; height: 14px; background: var(--soft); border-radius: 3px; }
.bar i { position: absolute; top: 0; bottom: 0; border-radius: 2px; background: var(--good); border-right: 1px solid var(--card); }
.bar i.failure { background: var(--bad); } .bar i.cancelled { background: var(--mild); }
.marks { display: grid; grid-template-columns: repeat(4, 1fr); font-size: 12px; }
@media (max-width: 640px) {
  .row { grid-template-columns: 1fr 80px; row-gap: 2px; }
  .row > :nth-child(2) { grid-area: 2 / 1 / 2 / -1; }
}
.annotation { margin-top: 8px; padding: 8px 12px; border-left: 3px solid var(--dim); background: var(--soft); border-radius: 3px; }
.annotation.error { border-color: var(--bad); } .annotation.warning { border-color: var(--mild); } .annotation.notice { border-color: var(--link); }
.annotation pre { margin: 4px 0 0; white-space: pre-wrap; font: 12px/1.5 ui-monospace, monospace; }
.markdown { font-size: 16px; overflow-wrap: break-word; }
.markdown .check { margin: -16px -16px 16px; padding: 12px 16px; border-bottom: 1px solid var(--line); font-size: 14px; }
.markdown h3, .markdown h4 { margin: 24px 0 16px; line-height: 1.25; font-weight: 600; }
.markdown h3 { font-size: 20px; } .markdown h4 { font-size: 16px; }
.markdown .check + h3 { margin-top: 0; }
.markdown p, .markdown table, .markdown pre, .markdown details { margin: 0 0 16px; }
.markdown table { display: block; width: max-content; max-width: 100%; overflow: auto; border-collapse: collapse; }
.markdown th, .markdown td { padding: 6px 13px; border: 1px solid var(--line); }
.markdown th { font-weight: 600; } .markdown tr:nth-child(2n) td { background: var(--soft); }
.markdown thead:not(:has(th:not(:empty))) { display: none; }
.markdown code { padding: .2em .4em; font: 85%/1.45 ui-monospace, monospace; background: var(--soft); border-radius: 6px; }
.markdown pre { padding: 16px; overflow: auto; background: var(--soft); border-radius: 6px; font: 85%/1.45 ui-monospace, monospace; }
.markdown pre code { padding: 0; background: none; font-size: 100%; }
.markdown pre.mermaid { background: none; padding: 0; text-align: center; }
.markdown blockquote { margin: 0 0 16px; padding: 0 1em; color: var(--dim); border-left: .25em solid var(--line); }
`;
