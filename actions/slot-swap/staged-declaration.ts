import { approvalInputs } from "./approval-inputs.ts";
import { freezeInputs, lockInputs, optionalLedger, rolloutInputs } from "./rollout-inputs.ts";

/** What `swapStaged` is told, and what it tells: declared once for the actions that swap what lies in the slot. */
export const stagedInputs = {
  ...rolloutInputs,
  ...optionalLedger,
  ...lockInputs,
  ...freezeInputs,
  ...approvalInputs,
} as const;

export const stagedOutputs = {
  "live-release": {
    doc: "Release that production runs now. Empty when only a look can tell, or for content without a release file.",
  },
  "previous-release": { doc: "Release that production ran before." },
  url: { doc: "Address of production." },
} as const;

export const stagedPermissions = {
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
} as const;
