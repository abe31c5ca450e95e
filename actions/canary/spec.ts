import { appInputs, defineAction } from "@augeo/action-kit";
import { approvalInputs, approvalReasons } from "../slot-swap/approval-inputs.ts";
import { freezeInputs, lockInputs, optionalLedger, rolloutInputs } from "../slot-swap/rollout-inputs.ts";
import { canaryReasons, rolloutReasons } from "../slot-swap/rollout-reasons.ts";
import { canaryInputs, stepsInput } from "./canary-inputs.ts";

const { gate: _gate, ...reasons } = rolloutReasons;

export const spec = defineAction({
  name: "canary",
  title: "Ramp a slot up and judge it at each step",
  description:
    "Gives what is in a slot a growing share of production's requests, judges each step against the live release, swaps it in when all have passed, and takes its share away when it is worse.",
  post: true,
  inputs: {
    ...appInputs,
    steps: { ...stepsInput, required: true },
    ...canaryInputs,
    ...rolloutInputs,
    ...optionalLedger,
    ...lockInputs,
    ...freezeInputs,
    ...approvalInputs,
  },
  outputs: {
    "live-release": {
      doc: "Release that production runs now. Empty when only a look can tell, or for content without a release file.",
    },
    "previous-release": { doc: "Release that production ran before." },
    url: { doc: "Address of production." },
  },
  permissions: {
    "id-token": { level: "write", why: "To sign in to Azure without a secret." },
    contents: {
      level: "read",
      optional: true,
      why: "With `approval: required`: to see who wrote the commit.",
    },
    actions: {
      level: "read",
      optional: true,
      why: "With a ledger: to ask whether the run that holds the lock is over.",
    },
  },
  reasons: {
    promoted: {
      decision: "proceed",
      doc: "Every step passed; the slot's release is in production and stayed healthy.",
    },
    "already-live": { decision: "nothing-to-do", doc: "Production runs the slot's release already." },
    ...canaryReasons,
    ...approvalReasons,
    ...reasons,
  },
});
