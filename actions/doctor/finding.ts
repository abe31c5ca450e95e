/** `problem`: a release would fail · `warning`: worth a look · `unknown`: could not be seen, with the reason. */
export type FindingState = "ok" | "warning" | "problem" | "unknown";

export interface Finding {
  readonly area: "set-up" | "sign-in" | "names" | "rights" | "settings" | "health" | "package" | "ledger" | "GitHub";
  readonly state: FindingState;
  /** One sentence. */
  readonly what: string;
  readonly why?: string;
  /** The command or the line to write; several lines are shown as a block. */
  readonly fix?: string;
}

const MARKS = { ok: "✓", warning: "!", problem: "✗", unknown: "?" } as const;

/** One finding for a log or a terminal. */
export function lineOf({ state, area, what, why, fix }: Finding): string {
  const rest = [why === undefined ? [] : [`Why: ${why}`], fix === undefined ? [] : [`Fix: ${fix}`]].flat();
  return [`${MARKS[state]} ${area}: ${what}`, ...rest.map((text) => `    ${text.replaceAll("\n", "\n    ")}`)].join(
    "\n",
  );
}
