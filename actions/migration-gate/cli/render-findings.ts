import { stripControls } from "@augeo/action-kit";
import { type Finding, sizedRelation } from "@augeo/migrations";

/** Findings for a terminal: one line each, then how to mend it. */
export function renderFindings(file: string, findings: readonly Finding[]): string {
  if (findings.length === 0) return `${file}: nothing found\n`;
  return findings.map((finding) => describe(file, finding)).join("");
}

function describe(file: string, finding: Finding): string {
  const { severity, rule, title, relation, note, lock, blocks, recipe } = finding;
  const where = `${finding.file ?? file}:${finding.line}`;
  const table = relation === null ? "" : ` (${sizedRelation(finding)})`;
  const why = note === undefined ? "" : `: ${note}`;
  const locked = lock === null || blocks === "nothing" ? "" : `\n    ${lock}, blocks ${blocks}${workOf(finding)}`;
  const fix = severity === "info" ? "" : `\n${recipe.replace(/^/gm, "    | ")}`;
  return `${stripControls(`${where}: ${severity} ${rule}${table}: ${title}${why}${locked}${fix}`)}\n`;
}

const workOf = ({ rewrite, scan, indexBuild }: Finding): string =>
  [
    rewrite ? ", rewrites the table" : "",
    indexBuild ? ", builds an index" : "",
    scan && !rewrite ? ", reads the table" : "",
  ].join("");
