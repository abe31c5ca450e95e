/** How long bringing a package into the slot may take. */
export const stageInputs = {
  "deploy-timeout": {
    kind: "duration",
    default: "20m",
    min: "1s",
    max: "5h",
    doc: "For the deployment to the slot: waiting for others, sending, building.",
  },
  "start-timeout": {
    kind: "duration",
    default: "5m",
    min: "0s",
    max: "1h",
    doc: "For the app in the slot to start once it is deployed. `0s` does not wait.",
  },
} as const;
