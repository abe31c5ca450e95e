import { defineAction } from "@augeo/action-kit";

export const spec = defineAction({
  name: "health-probe",
  title: "Probe an app's health",
  description: "Asks endpoints until they have proved healthy, or until the deadline, and says why.",
  inputs: { endpoints: { kind: "lines", required: true, doc: "One URL a line." } },
  outputs: {},
  permissions: {},
  reasons: { healthy: { decision: "proceed", doc: "Every endpoint was healthy." } },
});
