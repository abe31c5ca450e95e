import { stripControls } from "@augeo/action-kit";
import type { Finding, FindingState } from "./finding.ts";

const ICONS: Readonly<Record<FindingState, string>> = { ok: "✅", warning: "⚠️", problem: "❌", unknown: "❔" };
const WORST: readonly FindingState[] = ["problem", "warning", "unknown", "ok"];

/** The job summary. Pure: what would stop a release comes first. */
export function summarise(findings: readonly Finding[], place: string): string {
  const problems = findings.filter((finding) => finding.state === "problem").length;
  const verdict = problems === 0 ? "✅ A release can go out" : `❌ ${problems} findings would stop a release`;
  const sorted = WORST.flatMap((state) => findings.filter((finding) => finding.state === state));
  const rows = sorted.map(({ state, area, what }) => `| ${ICONS[state]} | ${area} | ${cell(what)} |`);
  const details = sorted.filter(({ state, why, fix }) => state !== "ok" && (why !== undefined || fix !== undefined));
  return [
    `### ${verdict}: ${cell(place)}`,
    ["| | area | finding |", "| --- | --- | --- |", ...rows].join("\n"),
    ...details.map(detail),
    "",
  ].join("\n\n");
}

function detail({ state, what, why, fix }: Finding): string {
  const parts = [`**${ICONS[state]} ${cell(what)}**`];
  if (why !== undefined) parts.push(cell(why).replaceAll("\n", "<br>"));
  if (fix !== undefined) parts.push("**Fix:**", ...fix.split("\n").map(fixLine));
  return parts.join("\n\n");
}

/** A command to copy in a block of its own; words are wrapped, which a block would not do. */
const fixLine = (line: string): string =>
  /^\s*(?:az|gh|echo) /.test(line)
    ? `\`\`\`sh\n${stripControls(line).trim().replaceAll("```", "ʼʼʼ")}\n\`\`\``
    : cell(line);

function cell(text: string): string {
  return stripControls(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll("|", "\\|")
    .replaceAll("`", "\\`");
}
