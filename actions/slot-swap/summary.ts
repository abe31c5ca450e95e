import { factsTable } from "@augeo/migrations";
import { probeReport, type SessionResult } from "@augeo/probe";
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
  sessions: readonly { where: "staging" | "production"; session: SessionResult }[];
  /** Further Markdown, such as the settings' differences. */
  parts: readonly string[];
}

const WHERE = { staging: "Slot", production: "Production" } as const;

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
    ...sessions.map(({ where, session }) => `#### ${WHERE[where]}: ${session.verdict}\n\n${probeReport(session)}`),
    ...parts,
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}
