import { defineAction, githubInputs, releaseInputs } from "@augeo/action-kit";
import { noteInputs } from "../freeze/spec.ts";
import { rolloutReasons } from "../slot-swap/rollout-reasons.ts";

export const spec = defineAction({
  name: "approve",
  title: "Approve or reject a release",
  description:
    "Records a person's decision: on a release that waits with `approval: required`, or on a canary that is on hold.",
  branding: { icon: "check-circle", color: "blue" },
  inputs: {
    release: { ...releaseInputs.release, required: true, doc: "Id of the release that waits, or is on hold." },
    decision: {
      kind: "choice",
      options: ["approve", "reject", "promote", "abort", "judge-again"],
      default: "approve",
      doc: "On a release that waits: `approve` or `reject`, which may be changed until it went out. On a canary on hold: `promote` (on to its next step, or to the swap), `abort` (its requests are taken back) or `judge-again` (the same step for as long again).",
    },
    why: { kind: "string", max: 500, doc: "Why, in a sentence. Recorded with who decided." },
    package: {
      kind: "string",
      pattern: /^[0-9a-f]{8,64}$/i,
      hint: "the first 8 to 64 hexadecimal digits of the package's SHA-256, as the summary of the waiting run shows it",
      doc: "SHA-256 of the package, or its beginning: a release that was built again meanwhile is then not approved unseen. For `approve` and `reject`.",
    },
    ...noteInputs,
    ...githubInputs,
  },
  outputs: {
    by: { doc: "Login of who decided." },
    artifact: { doc: "SHA-256 of the package that was decided on." },
  },
  permissions: {
    "id-token": { level: "write", why: "To sign in to Azure without a secret." },
  },
  reasons: {
    approved: {
      decision: "proceed",
      doc: "The release may go out: re-run the failed jobs of its run, or start it again.",
    },
    rejected: { decision: "hold", doc: "The release does not go out." },
    promoted: {
      decision: "proceed",
      doc: "The canary goes on past the step that it is held at: re-run the failed jobs of its run.",
    },
    "judged-again": {
      decision: "proceed",
      doc: "The step is judged for as long again: re-run the failed jobs of its run.",
    },
    aborted: {
      decision: "hold",
      doc: "The release gets no requests any more, as soon as its run, the next one or the reconciler carries that out.",
    },
    "already-decided": { decision: "nothing-to-do", doc: "The same was decided before." },
    "own-release": {
      decision: "hold",
      fails: true,
      doc: "Who started the release's run or wrote its commit may not decide on it.",
      fix: "Ask somebody else with write access to run this.",
    },
    "no-access": {
      decision: "hold",
      fails: true,
      doc: "Who ran this may not write to the repository, or is no person.",
      fix: "Ask somebody with write access to start the workflow by hand.",
    },
    "not-awaiting": {
      decision: "hold",
      fails: true,
      doc: "No such release waits for an approval.",
      fix: "Take the id from the summary of the run that waits.",
    },
    "not-on-hold": {
      decision: "hold",
      fails: true,
      doc: "No such release is on hold, or its time is over, or something else was decided already.",
      fix: "Follow the message.",
    },
    "another-package": {
      decision: "hold",
      fails: true,
      doc: "The release waits with another package than `package` names.",
      fix: "Look at what the new run would release, and approve that.",
    },
    "ledger-unreadable": rolloutReasons["ledger-unreadable"],
  },
});
