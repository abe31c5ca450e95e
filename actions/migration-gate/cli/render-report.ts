import { stripControls } from "@augeo/action-kit";
import { type GateReport, needsMending, planPhases, type RevisionReport } from "@augeo/migrations";
import { renderFindings } from "./render-findings.ts";

/** The report for a terminal: the verdict, what was not looked at, each revision's findings, and when what may run. */
export function renderReport(report: GateReport): string {
  const { verdict, unseen, revisions, project } = report;
  const parts = [
    `${stripControls(verdict)}\n`,
    ...unseen.map((line) => `Not looked at: ${stripControls(line)}\n`),
    ...(project.length > 0 ? [`\n${renderFindings("the project", project)}`] : []),
    ...revisions.map(ofRevision),
    plan(revisions),
  ];
  return parts.join("");
}

function ofRevision({ revision, message, phase, file, findings, suppressed, faults }: RevisionReport): string {
  const title = stripControls(`\n${revision} ${message} (${phase})`).replace(/ +/g, " ");
  const accepted = suppressed.map(
    ({ finding, suppression }) => `${file}:${finding.line}: accepted ${finding.rule}: ${suppression.reason}\n`,
  );
  const wrong = faults.map(({ line, what, fix }) => `${file}:${line}: ${what} ${fix}\n`);
  return `${title}\n${renderFindings(file, findings)}${stripControls([...accepted, ...wrong].join(""))}`;
}

function plan(revisions: readonly RevisionReport[]): string {
  const { now, afterSwap, nextRelease } = planPhases(revisions);
  const told = ({ revision, findings }: RevisionReport): string =>
    `${revision}${needsMending(findings) ? " (once mended)" : ""}`;
  const line = (when: string, some: readonly RevisionReport[]) =>
    some.length === 0 ? "" : `${when}: ${some.map(told).join(", ")}\n`;
  const lines = [line("now", now), line("after the swap", afterSwap), line("next release", nextRelease)].join("");
  return lines === "" ? "" : `\nMay run\n${lines.replace(/^/gm, "  ").trimEnd()}\n`;
}
