import { factsTable, plain } from "@augeo/migrations";
import type { Approval, Explanation, Head, Lift } from "@augeo/release";

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
  const facts = [
    ["Release", release],
    ["Package", artifact ?? ""],
    ["Replaces", replaces ?? ""],
    ["Authors", authors.join(", ")],
    [word === "approved" ? "Approved by" : "Rejected by", decision?.by ?? ""],
    ["Why", decision?.why ?? ""],
  ] as const;
  return { message, summary: page(word === "approved" ? "✅" : "⛔", message, facts, next) };
}

const DONE: Readonly<Record<Lift["how"], readonly [icon: string, word: string, next: string]>> = {
  promote: ["✅", "promoted", "Until then its share of the requests stays as it is."],
  judge: ["✅", "asked for another judgement of", "Until then its share of the requests stays as it is."],
  abort: ["⛔", "aborted", "The next release and the scheduled reconciler carry it out as well."],
};

/** The same for a word on a canary that is on hold. */
export function summariseHold({ app, environment, holder, rollout }: Head, isNew: boolean) {
  const { target, hold, canary, ramp } = rollout ?? {};
  const lift = hold?.lift;
  if (!target || !lift) throw new Error("nothing was decided");
  const [icon, word, more] = DONE[lift.how];
  const before = isNew ? "" : " It was decided before.";
  const message = `${lift.by} ${word} ${target.release} on ${app} (${environment}).${before}`;
  const run = holder ? ` of ${holder.url}` : "";
  const next = `A run that waits (hold-wait) carries it out by itself; else re-run the failed jobs${run}. ${more}`;
  const step = canary && ramp ? `${canary.step + 1} of ${ramp.steps.length}, ${canary.weight} % of the requests` : "";
  const facts = [
    ["Release", target.release],
    ["Step", step],
    ["On hold because", hold.reason],
    ["Decided by", lift.by],
    ["Why", lift.why],
  ] as const;
  return { message, summary: page(icon, message, facts, next) };
}

function page(icon: string, heading: string, facts: readonly (readonly [string, string])[], next: string): string {
  const table = factsTable(facts.map(([name, value]) => [name, plain(value)]));
  return `${[`### ${icon} ${plain(heading)}`, table, plain(next)].join("\n\n")}\n`;
}

export const refusalSummary = ({ what, why, fix }: Explanation): string =>
  `### ❌ Not recorded\n\n${plain(`${what} ${why}`)}\n\n**Fix:** ${plain(fix)}\n`;
