import { plain } from "@augeo/migrations";
import type { Approval, Explanation } from "@augeo/release";

export interface DecisionReport {
  app: string;
  environment: string;
  word: "approved" | "rejected";
  /** False when the same was decided before. */
  isNew: boolean;
  approval: Approval;
}

/** The last line of the log, and the job summary. Pure. */
export function summarise({ app, environment, word, isNew, approval }: DecisionReport): {
  message: string;
  summary: string;
} {
  const { release, artifact, replaces, authors, decision, url } = approval;
  const message = `${decision?.by} ${isNew ? "" : "had "}${word} ${release} for ${app} (${environment}).`;
  const next =
    word === "approved"
      ? `Now re-run the failed jobs of the run that waits (${url}), or start it again. A job that waits goes on by itself.`
      : "It does not go out.";
  const rows: (readonly [string, string])[] = [
    ["Release", release],
    ["Package", artifact ?? ""],
    ["Replaces", replaces ?? ""],
    ["Authors", authors.join(", ")],
    [word === "approved" ? "Approved by" : "Rejected by", decision?.by ?? ""],
    ["Why", decision?.why ?? ""],
  ];
  const table = rows.filter(([, value]) => value !== "").map(([name, value]) => `| ${name} | ${plain(value)} |`);
  const heading = `### ${word === "approved" ? "✅" : "⛔"} ${plain(message)}`;
  return { message, summary: [heading, "", "| | |", "| --- | --- |", ...table, "", plain(next), ""].join("\n") };
}

export const refusalSummary = ({ what, why, fix }: Explanation): string =>
  `### ❌ Not recorded\n\n${plain(`${what} ${why}`)}\n\n**Fix:** ${plain(fix)}\n`;
