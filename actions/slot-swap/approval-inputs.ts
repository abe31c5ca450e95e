/** The toolkit's own approval, for every action that brings something new into production. */
export const approvalInputs = {
  approval: {
    kind: "choice",
    options: ["none", "required"],
    default: "none",
    doc: "`required`: the release waits until a person other than its authors approved it with the `approve` action. For GitHub plans whose environments have no required reviewers.",
  },
  "approval-wait": {
    kind: "duration",
    default: "0s",
    max: "5h",
    doc: "How long this job waits for the approval, without the lock. `0s`: it ends with `awaiting-approval`, and a re-run takes the release up once it is approved.",
  },
} as const;

export const approvalReasons = {
  "awaiting-approval": {
    decision: "hold",
    fails: true,
    doc: "The release waits for the approval of a person other than its authors. Nothing was changed.",
    fix: "Somebody else runs the approve workflow; then re-run the failed jobs.",
  },
  rejected: {
    decision: "hold",
    fails: true,
    doc: "A person rejected the release. Nothing was changed.",
    fix: "Release a mended version.",
  },
} as const;

export type ApprovalReason = keyof typeof approvalReasons;
