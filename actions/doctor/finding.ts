/** `problem`: a release would fail · `warning`: worth a look · `unknown`: could not be seen, with the reason. */
export type FindingState = "ok" | "warning" | "problem" | "unknown";

export interface Finding {
  readonly area: "sign-in" | "names" | "rights" | "settings" | "health" | "package" | "ledger" | "GitHub";
  readonly state: FindingState;
  /** One sentence. */
  readonly what: string;
  readonly why?: string;
  /** The command or the line to write; several lines are shown as a block. */
  readonly fix?: string;
}
