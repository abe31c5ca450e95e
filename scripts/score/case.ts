/** One labelled case: a script and what is known of it. */
export interface Case {
  readonly id: string;
  readonly scope: string;
  readonly hazard: string;
  readonly isViolation: boolean;
  readonly sql: string;
  readonly preamble: string;
  /** Scripts that run one after the other, each in its own transaction. */
  readonly scripts: readonly string[];
  readonly inTransaction: boolean;
  readonly version: number | undefined;
  readonly isClosed: boolean;
  readonly allowsWarnings: boolean;
  /** Whether PostgreSQL 15 showed long work under a lock that others wait for. */
  readonly isLongBlocking: boolean | undefined;
}

type Row = Readonly<Record<string, unknown>>;

const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null;
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/**
 * Reads JSON lines; rows without a scope, or with a doubtful label, are left out. A row `{preambles: {name: sql}}` names
 * scenes that later rows stand `on`. A row with PostgreSQL's truth that is `named` is two cases: whether the work was
 * seen, and whether it was called by its name.
 */
export function decodeCases(lines: string): Case[] {
  const rows = lines
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line): unknown => JSON.parse(line));
  const read = rows.filter(isRow);
  const scenes = new Map(read.flatMap(({ preambles }) => (isRow(preambles) ? Object.entries(preambles) : [])));
  return read
    .filter((row) => textOf(row.scope) !== "" && row.label_suspect === undefined)
    .flatMap((row) => {
      const one = decodeCase(row, textOf(scenes.get(textOf(row.on))));
      const named = { ...one, id: `${one.id} by name`, isLongBlocking: undefined };
      return row.named === true && one.isLongBlocking !== undefined ? [one, named] : [one];
    });
}

function decodeCase(row: Row, scene: string): Case {
  const kind = textOf(row.kind);
  const truth = row.pg15;
  const version = Number.parseInt(textOf(row.pg_version), 10);
  return {
    id: textOf(row.id),
    scope: textOf(row.scope),
    hazard: textOf(row.hazard),
    isViolation: kind === "violation" || kind === "fix_input",
    sql: textOf(row.sql),
    preamble: `${scene}${textOf(row.preamble)}`,
    scripts: (Array.isArray(row.scripts) ? row.scripts : []).filter(isRow).map((script) => textOf(script.sql)),
    inTransaction:
      row.in_transaction === true ||
      row.assume_in_transaction === true ||
      /run_in_transaction: true/.test(textOf(row.context)),
    version: Number.isNaN(version) ? undefined : version,
    isClosed: row.closed_world === true,
    allowsWarnings: row.allow_warnings === true,
    isLongBlocking: isRow(truth) && typeof truth.long_blocking === "boolean" ? truth.long_blocking : undefined,
  };
}
