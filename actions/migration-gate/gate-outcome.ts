import type { InputsOf, Outcome } from "@augeo/action-kit";
import type { spec } from "./spec.ts";
import { type Findings, messageOf, summarise } from "./summary.ts";

type Inputs = Pick<InputsOf<typeof spec>, "mode" | "target" | "phase">;

/** What was found, in the shape of the action's outcome. */
export function outcomeOf(findings: Findings, inputs: Inputs): Outcome<typeof spec> {
  const { reason, heads, from, to, applied, held, phase } = findings;
  return {
    reason,
    outputs: {
      heads: heads.join(" "),
      from: (from ?? []).join(" "),
      to: (to ?? []).join(" "),
      applied: applied.map(({ id }) => id).join(" "),
      pending: held.map(({ id }) => id).join(" "),
      new: "",
      findings: 0,
      sarif: "",
      report: "",
      "report-markdown": "",
      phase,
    },
    result: { mode: inputs.mode, target: inputs.target, phases: inputs.phase, ...findings.result },
    summary: summarise(findings, inputs.mode),
    message: messageOf(findings, inputs.target),
    ...(findings.fix === undefined ? {} : { fix: findings.fix }),
  };
}
