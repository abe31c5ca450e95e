import type { Finding } from "../finding.ts";

/** `# migration-gate: ignore RULE reason=…` as it was written. */
export interface Suppression {
  readonly rules: readonly string[];
  readonly reason: string;
  /** Line of the comment, in the file of the finding. */
  readonly line: number;
  /** Lines it speaks for; `undefined` for the whole revision. */
  readonly lines: readonly [first: number, last: number] | undefined;
}

export interface SuppressionFault {
  readonly line: number;
  readonly what: string;
  readonly fix: string;
}

export interface Comment {
  readonly line: number;
  readonly text: string;
}

/** Lines of an operation in the file. */
export interface Span {
  readonly line: number;
  readonly endLine: number;
}

const MARK = /(?:#|--|\/\*)?\s*migration-gate:\s*(.*?)\s*(?:\*\/)?\s*$/i;
const FORM = /^ignore\s+([a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)(?:\s+reason\s*=\s*(.*))?$/i;

/**
 * Reads the suppressions among a file's comments. One beside an operation, on one of its lines or on the lines of
 * comment right above it, speaks for that operation; one above the first operation for the whole revision.
 */
export function readSuppressions(
  comments: readonly Comment[],
  operations: readonly Span[],
): { suppressions: Suppression[]; faults: SuppressionFault[] } {
  const suppressions: Suppression[] = [];
  const faults: SuppressionFault[] = [];
  const commented = new Set(comments.map(({ line }) => line));
  for (const { line, text } of comments) {
    const written = MARK.exec(text)?.[1];
    if (written === undefined) continue;
    const form = FORM.exec(written);
    const reason = form?.[2]?.trim() ?? "";
    if (form === null) faults.push(unreadable(line));
    else if (reason === "") faults.push(withoutReason(line, form[1] ?? ""));
    else
      suppressions.push({
        rules: (form[1] ?? "").split(/\s*,\s*/),
        reason,
        line,
        lines: spanOf(line, operations, commented),
      });
  }
  return { suppressions, faults };
}

const unreadable = (line: number): SuppressionFault => ({
  line,
  what: "The migration-gate comment cannot be read, so it suppresses nothing.",
  fix: "Write: # migration-gate: ignore RULE reason=why this is safe here",
});

const withoutReason = (line: number, rules: string): SuppressionFault => ({
  line,
  what: `The suppression of ${rules} gives no reason, so it does not count.`,
  fix: `Write: # migration-gate: ignore ${rules} reason=why this is safe here`,
});

function spanOf(
  line: number,
  operations: readonly Span[],
  commented: ReadonlySet<number>,
): readonly [number, number] | undefined {
  let below = line;
  while (commented.has(below)) below += 1;
  const beside = operations.find((operation) => operation.line <= line && line <= operation.endLine);
  const operation = beside ?? operations.find((candidate) => candidate.line === below);
  if (operation !== undefined) return [operation.line, operation.endLine];
  return operations.every((candidate) => candidate.line > line) ? undefined : [line, line];
}

export interface Suppressed {
  readonly finding: Finding;
  readonly suppression: Suppression;
}

/** Parts findings into those that stand and those that someone gave a reason for. */
export function applySuppressions(
  findings: readonly Finding[],
  suppressions: readonly Suppression[],
): { standing: Finding[]; suppressed: Suppressed[]; unused: Suppression[] } {
  const standing: Finding[] = [];
  const suppressed: Suppressed[] = [];
  for (const finding of findings) {
    const suppression = suppressions.find((candidate) => speaksFor(candidate, finding));
    if (suppression === undefined) standing.push(finding);
    else suppressed.push({ finding, suppression });
  }
  const used = new Set(suppressed.map(({ suppression }) => suppression));
  return { standing, suppressed, unused: suppressions.filter((suppression) => !used.has(suppression)) };
}

function speaksFor({ rules, lines }: Suppression, finding: Finding): boolean {
  if (!rules.includes(finding.rule)) return false;
  return lines === undefined || (lines[0] <= finding.line && finding.line <= lines[1]);
}

/** The line to paste, for the findings of one operation. */
export const suppressionLine = (rules: readonly string[], comment: "#" | "--" = "#"): string =>
  `${comment} migration-gate: ignore ${[...new Set(rules)].join(",")} reason=…`;
