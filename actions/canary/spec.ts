import { appInputs, defineAction } from "@augeo/action-kit";
import { approvalReasons } from "../slot-swap/approval-inputs.ts";
import { canaryReasons, rolloutReasons } from "../slot-swap/rollout-reasons.ts";
import { stagedInputs, stagedOutputs, stagedPermissions } from "../slot-swap/staged-declaration.ts";
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
    ...stagedInputs,
  },
  outputs: stagedOutputs,
  permissions: stagedPermissions,
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
