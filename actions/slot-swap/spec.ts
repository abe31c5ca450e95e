import { appInputs, defineAction } from "@augeo/action-kit";
import { approvalInputs, approvalReasons } from "./approval-inputs.ts";
import { freezeInputs, lockInputs, optionalLedger, rolloutInputs } from "./rollout-inputs.ts";
import { rolloutReasons } from "./rollout-reasons.ts";

const { gate: _gate, ...reasons } = rolloutReasons;

export const spec = defineAction({
  name: "slot-swap",
  title: "Swap a slot into production, and back if it is worse",
  description:
    "Warms every instance of a slot, swaps it into production once and only once, watches production, and swaps back on an unhealthy verdict.",
  post: true,
  inputs: { ...appInputs, ...rolloutInputs, ...optionalLedger, ...lockInputs, ...freezeInputs, ...approvalInputs },
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
    swapped: { decision: "proceed", doc: "The slot's release is in production and stayed healthy." },
    "already-live": { decision: "nothing-to-do", doc: "Production runs the slot's release already." },
    ...approvalReasons,
    ...reasons,
  },
});
