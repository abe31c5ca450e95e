import { formatDuration, stripControls } from "@augeo/action-kit";
import { fenced, probeReport, type SessionResult } from "@augeo/probe";

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
  if (containerLog !== undefined) {
    parts.push(
      `<details><summary>Container log, last lines</summary>\n\n${fenced(stripControls(containerLog))}\n\n</details>`,
    );
  }
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("`", "\\`");
}
