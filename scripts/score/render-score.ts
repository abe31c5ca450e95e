import { type Outcome, type Score, scoreOf } from "./tally.ts";

/** Precision and recall per hazard and in all, and every case judged otherwise than its truth. */
export function renderScore(outcomes: readonly Outcome[], options: { readonly listMisses: boolean }): string {
  const isLock = (outcome: Outcome) => outcome.case.scope === "lock";
  const groups: [string, readonly Outcome[]][] = [
    ["lock, PostgreSQL truth", outcomes.filter((outcome) => outcome.truth === "physics")],
    ["lock, labels", outcomes.filter((outcome) => isLock(outcome) && outcome.truth === "label")],
    ["compat", outcomes.filter((outcome) => outcome.case.scope === "compat")],
    ["txn", outcomes.filter((outcome) => outcome.case.scope === "txn")],
    ["compat and txn", outcomes.filter((outcome) => !isLock(outcome))],
    ["all", outcomes],
  ];
  const hazards = [...new Set(outcomes.map(({ case: one }) => one.hazard))].sort();
  const lines = [
    row("hazard", "cases", "hits", "missed", "false", "recall", "precision"),
    ...hazards.map((hazard) =>
      scoreRow(
        hazard,
        outcomes.filter(({ case: one }) => one.hazard === hazard),
      ),
    ),
    "",
    ...groups.map(([name, group]) => scoreRow(name, group)),
  ];
  const wrong = outcomes.filter(({ verdict }) => verdict === "miss" || verdict === "false alarm");
  const misses = options.listMisses
    ? ["", `${wrong.length} judged otherwise than their truth:`, ...wrong.map(describe)]
    : [];
  return `${[...lines, ...misses].join("\n")}\n`;
}

function scoreRow(name: string, outcomes: readonly Outcome[]): string {
  const score: Score = scoreOf(outcomes);
  return row(
    name,
    `${score.cases}`,
    `${score.hits}`,
    `${score.misses}`,
    `${score.falseAlarms}`,
    ratio(score.recall),
    ratio(score.precision),
  );
}

const ratio = (value: number): string => (Number.isNaN(value) ? "-" : value.toFixed(3));

const WIDTHS = [30, 6, 6, 7, 6, 8, 10];

const row = (...cells: readonly string[]): string =>
  cells.map((cell, index) => (index === 0 ? cell.padEnd(WIDTHS[0] ?? 0) : cell.padStart(WIDTHS[index] ?? 0))).join("");

function describe({ case: one, verdict, truth, told }: Outcome): string {
  const sql = one.sql.replace(/\s+/g, " ").trim();
  const shown = sql.length > 160 ? `${sql.slice(0, 159)}…` : sql;
  return `- ${verdict} (${truth}) ${one.id} ${one.hazard}: ${shown}\n    told: ${told.join(", ") || "nothing"}`;
}
