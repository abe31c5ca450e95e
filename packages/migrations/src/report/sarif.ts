import { type Finding, sizedRelation } from "../finding.ts";
import { fingerprint } from "../policy/policy.ts";
import { RULES } from "../rules/index.ts";
import type { Severity } from "../rules/rule.ts";
import type { GateReport, RevisionReport } from "./gate-report.ts";
import { sentence, stripControls } from "./markdown.ts";

const LEVELS: Readonly<Record<Severity, "error" | "warning" | "note" | "none">> = {
  block: "error",
  warn: "warning",
  info: "note",
  none: "none",
};

/** SARIF 2.1.0 for code scanning. Lines are those of the revision files. */
export function renderSarif(report: GateReport, version: string): object {
  const results = [
    ...report.revisions.flatMap((revision) => [
      ...revision.findings.map((finding) => resultOf(finding, revision)),
      ...revision.suppressed.map(({ finding, suppression }) => ({
        ...resultOf(finding, revision),
        suppressions: [{ kind: "inSource", justification: stripControls(suppression.reason) }],
      })),
    ]),
    ...report.project.map((finding) => resultOf(finding, undefined)),
  ];
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "migration-gate",
            semanticVersion: version,
            informationUri: report.rulesUrl,
            rules: ruleList(report.rulesUrl),
          },
        },
        results,
      },
    ],
  };
}

const ruleList = (rulesUrl: string): object[] =>
  RULES.map((rule) => ({
    id: rule.id,
    shortDescription: { text: rule.title },
    fullDescription: { text: sentence(rule.why) },
    // Code scanning shows it beside the alert, and refuses rules without it.
    help: { text: sentence(rule.why), markdown: `${rule.why} [More](${rulesUrl}${rule.id}.md)` },
    helpUri: `${rulesUrl}${rule.id}.md`,
    properties: { tags: ["migrations", rule.scope] },
  }));

function resultOf(finding: Finding, revision: RevisionReport | undefined): object {
  const uri = finding.file ?? revision?.file ?? "alembic.ini";
  const note = finding.note === undefined ? "" : ` ${sentence(stripControls(finding.note))}`;
  const table = finding.relation === null ? "" : ` (${stripControls(sizedRelation(finding))})`;
  return {
    ruleId: finding.rule,
    ruleIndex: RULES.findIndex((rule) => rule.id === finding.rule),
    level: LEVELS[finding.severity],
    message: { text: `${finding.title}${table}.${note}\n\n${stripControls(finding.recipe)}` },
    locations: [{ physicalLocation: { artifactLocation: { uri }, region: { startLine: Math.max(1, finding.line) } } }],
    partialFingerprints: { "migrationGate/v1": stripControls(fingerprint(revision?.revision ?? "", finding)) },
  };
}
