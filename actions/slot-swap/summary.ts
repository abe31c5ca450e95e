import { factsTable } from "@augeo/migrations";
import { probeReport } from "@augeo/probe";
import { containerLogMarkdown } from "../health-probe/container-log-text.ts";
import type { HealthSession } from "./slot-health.ts";
import { cell, type Moment, timelineMarkdown } from "./timeline.ts";

export interface RolloutReport {
  /** One line under the heading. */
  message: string;
  fix?: string | undefined;
  isGood: boolean;
  /** In place of ✅ or ❌. */
  icon?: string;
  heading: string;
  /** Names and values for the table at the top. */
  facts: readonly (readonly [string, string])[];
  /** Markdown that belongs before the timeline. */
  lead?: string;
  moments: readonly Moment[];
  end: number;
  sessions: readonly HealthSession[];
  /** Further Markdown, such as the settings' differences. */
  parts: readonly string[];
}

const WHERE = { staging: "Slot", production: "Production" } as const;

function sessionMarkdown({ where, session, containerLog }: HealthSession): string {
  const report = `#### ${WHERE[where]}: ${session.verdict}\n\n${probeReport(session)}`;
  return containerLog === undefined ? report : `${report}\n\n${containerLogMarkdown(containerLog)}`;
}

/** The job summary of everything that moves traffic. Pure. */
export function summarise(report: RolloutReport): string {
  const { heading, isGood, icon = isGood ? "✅" : "❌", message, fix, facts, lead = "" } = report;
  const { moments, end, sessions, parts } = report;
  const blocks = [
    `### ${icon} ${cell(heading)}`,
    cell(message),
    fix === undefined ? "" : `**Fix:** ${cell(fix)}`,
    factsTable(facts.map(([name, value]) => [name, cell(value)])),
    lead,
    timelineMarkdown(moments, end),
    ...sessions.map(sessionMarkdown),
    ...parts,
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}
