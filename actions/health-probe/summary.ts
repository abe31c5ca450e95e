import { formatDuration } from "@augeo/action-kit";
import { probeReport, type SessionResult } from "@augeo/probe";
import { containerLogMarkdown } from "./container-log-text.ts";

const HEADINGS = { healthy: "✅ Healthy", unhealthy: "❌ Unhealthy", unknown: "⚠️ No verdict" } as const;

/** The job summary. Pure. */
export function summarise(session: SessionResult, containerLog: string | undefined): string {
  const { verdict, why, duration, startedAt } = session;
  const from = new Date(startedAt).toISOString().replace(/\.\d+Z$/, "Z");
  const parts = [
    `### ${HEADINGS[verdict]}: ${escaped(why)}`,
    `${session.assessments.length} probes in ${formatDuration(duration)}, from ${from}.`,
    probeReport(session),
  ];
  if (containerLog !== undefined) parts.push(containerLogMarkdown(containerLog));
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("`", "\\`");
}
