import { appInputs, azureInputs, defineAction, githubInputs, ledgerInputs } from "@augeo/action-kit";

export const spec = defineAction({
  name: "doctor",
  title: "Deploy doctor",
  description:
    "Finds out why a release would not work before it is tried. Changes nothing but one small blob that it deletes again.",
  branding: { icon: "activity", color: "blue" },
  inputs: {
    ...azureInputs,
    ...appInputs,
    ledger: { ...ledgerInputs.ledger, required: false },
    environment: ledgerInputs.environment,
    ...githubInputs,
    "health-path": {
      kind: "lines",
      default: "/",
      pattern: /^\//,
      hint: "a path that begins with a slash, such as /health/ready",
      doc: "Paths that a release is probed at, one a line.",
    },
    "required-checks": {
      kind: "lines",
      doc: "Names of the checks that must be required on the default branch, one a line.",
    },
  },
  outputs: {
    problems: { doc: "How many findings would stop a release." },
    warnings: { doc: "How many findings are worth a look." },
  },
  permissions: {
    "id-token": { level: "write", why: "to sign in to Azure by federation" },
    contents: { level: "read", why: "to read the branch's rules" },
    actions: {
      level: "read",
      why: "to read the environment's protection and the form of the ID token's subject",
      optional: true,
    },
  },
  reasons: {
    "all-well": { decision: "proceed", doc: "Nothing was found that would stop a release. There may be warnings." },
    "problems-found": {
      decision: "hold",
      fails: true,
      doc: "At least one finding would stop a release.",
      fix: "Each finding in the summary has the command that mends it.",
    },
  },
});
