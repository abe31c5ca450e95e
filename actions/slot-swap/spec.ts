import { appInputs, defineAction } from "@augeo/action-kit";
import { approvalReasons } from "./approval-inputs.ts";
import { rolloutReasons } from "./rollout-reasons.ts";
import { stagedInputs, stagedOutputs, stagedPermissions } from "./staged-declaration.ts";

const { gate: _gate, ...reasons } = rolloutReasons;

export const spec = defineAction({
  name: "slot-swap",
  title: "Swap a slot into production, and back if it is worse",
  description:
    "Warms every instance of a slot, swaps it into production once and only once, watches production, and swaps back on an unhealthy verdict.",
  post: true,
  inputs: { ...appInputs, ...stagedInputs },
  outputs: stagedOutputs,
  permissions: stagedPermissions,
  reasons: {
    swapped: { decision: "proceed", doc: "The slot's release is in production and stayed healthy." },
    "already-live": { decision: "nothing-to-do", doc: "Production runs the slot's release already." },
    ...approvalReasons,
    ...reasons,
  },
});
