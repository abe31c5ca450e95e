import { plain } from "@augeo/migrations";
import { releasesMarkdown } from "../slot-swap/releases.ts";
import { timelineMarkdown } from "../slot-swap/timeline.ts";
import type { Finding, FindingKind, Report } from "./finding.ts";
import type { PackagesReport } from "./retain-packages.ts";

export interface ReconcileReport {
  reason: string;
  message: string;
  reports: readonly Report[];
  now: number;
  packages?: PackagesReport | undefined;
}

const HEADINGS: Readonly<Record<string, string>> = {
  "all-well": "✅ All is well",
  reconciled: "✅ Ended what lost runs had left",
  "would-act": "⚠️ Something would be done",
  "needs-human": "❌ A person has to look",
  incomplete: "❌ Not everything could be looked at",
};

const ICONS: Readonly<Record<FindingKind, string>> = {
  note: "",
  done: "✅&nbsp;",
  would: "⚠️&nbsp;",
  person: "❌&nbsp;",
  failed: "❌&nbsp;",
};
const WORDS: Readonly<Record<FindingKind, string>> = {
  note: "note",
  done: "done",
  would: "would&nbsp;do",
  person: "for&nbsp;a&nbsp;person",
  failed: "failed",
};

/** One line for the end of the log. */
export function messageOf(reports: readonly Report[]): string {
  const findings = reports.flatMap((report) => report.findings.map((finding) => ({ ...finding, name: report.name })));
  const grave = findings.filter(({ kind }) => kind === "person" || kind === "failed");
  const acts = findings.filter(({ kind }) => kind === "done" || kind === "would");
  const told = [...grave, ...acts].map(({ name, what }) => `${name}: ${what}`);
  return told.length === 0 ? `${reports.length} looked after; nothing had to be done.` : told.join(" ");
}

/** The job summary. Pure. */
export function summarise({ reason, reports, now, packages }: ReconcileReport): string {
  const blocks = [
    `### ${HEADINGS[reason] ?? reason}`,
    overview(reports),
    packages ? packagesLine(packages) : "",
    ...reports
      .filter(({ findings, releases = [] }) => findings.length + releases.length > 0)
      .map((report) => section(report, now)),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function overview(reports: readonly Report[]): string {
  if (reports.length === 0) return "There was nothing to look after: the ledger knows no release.";
  const rows = reports.map(
    (report) =>
      `| ${verdict(report)} | ${plain(report.name)} | ${plain(report.live)} | ${plain(report.state)} | ${plain(report.holder)} |`,
  );
  return ["| | where | live | last release | lock |", "| --- | --- | --- | --- | --- |", ...rows].join("\n");
}

function verdict({ findings }: Report): string {
  const has = (...kinds: FindingKind[]) => findings.some(({ kind }) => kinds.includes(kind));
  if (has("person", "failed")) return "❌";
  return has("would") ? "⚠️" : "✅";
}

function packagesLine({ deleted, bytes, kept, keptBytes, isDry, warnings }: PackagesReport): string {
  const verb = isDry ? "would be deleted" : "deleted";
  const gone =
    deleted === 0 ? "none had to go" : `${deleted} ${verb} (${megabytes(bytes)}) that no ledger names any more`;
  const line = `Stored packages: ${gone}; ${kept} kept (${megabytes(keptBytes)}).`;
  const told = warnings.map(({ what, why, fix }) => ` ⚠️ ${plain(`${what} ${why}`)} **Fix:** ${plain(fix)}`);
  return [line, ...new Set(told)].join("");
}

const megabytes = (bytes: number): string => `${(bytes / (1024 * 1024)).toFixed(1)} MB`;

function section({ name, findings, moments, releases = [] }: Report, now: number): string {
  const timeline = timelineMarkdown(moments, now);
  const parts = [
    `#### ${plain(name)}`,
    findings.length === 0 ? "" : table(findings),
    timeline === "" ? "" : `<details><summary>How it went</summary>\n\n${timeline}\n\n</details>`,
    releasesMarkdown(releases),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** What to do stands below what was found: commands in a column of their own would be drawn one word wide. */
function table(findings: readonly Finding[]): string {
  const rows = findings.map(
    ({ kind, what, fix }) =>
      `| ${ICONS[kind]}${WORDS[kind]} | ${plain(what)}${fix === undefined ? "" : `<br>**Fix:** ${fixLines(fix)}`} |`,
  );
  return ["| | what |", "| --- | --- |", ...rows].join("\n");
}

/** Several steps of a fix are told apart by a dot. */
const fixLines = (fix: string): string => {
  const steps = fix.split(" · ").map(plain);
  return steps.length === 1 ? steps.join("") : steps.map((step) => `<br>• ${step}`).join("");
};
