import {
  appInputs,
  databaseAccessInputs,
  databaseInputs,
  defineAction,
  ledgerInputs,
  releaseInputs,
} from "@augeo/action-kit";
import { canaryInputs, stepsInput } from "../canary/canary-inputs.ts";
import { spec as gate } from "../migration-gate/spec.ts";
import { approvalInputs, approvalReasons } from "../slot-swap/approval-inputs.ts";
import { freezeInputs, lockInputs, rolloutInputs } from "../slot-swap/rollout-inputs.ts";
import { canaryReasons, rolloutReasons } from "../slot-swap/rollout-reasons.ts";
import { stageInputs } from "./stage-inputs.ts";

export const spec = defineAction({
  name: "release",
  title: "Release to Azure App Service",
  description:
    "A whole release in one step: lock, migrate, stage, prove, swap, watch, record, and put the old version back by itself when the new one is worse.",
  branding: { icon: "repeat", color: "blue" },
  post: true,
  inputs: {
    ...appInputs,
    package: {
      kind: "path",
      required: true,
      doc: "Folder or zip to release, from the workspace.",
    },
    "artifact-digest": {
      kind: "string",
      pattern: /^(?:sha256:)?[0-9a-f]{64}$/i,
      hint: "64 hexadecimal digits, as the output artifact-digest of actions/upload-artifact gives them",
      doc: "SHA-256 that the zip in `package` must have: output `artifact-digest` of `actions/upload-artifact`. Another one is refused, so that what was built is what goes out, in every environment.",
    },
    ...releaseInputs,
    "allow-stale": {
      kind: "boolean",
      default: false,
      doc: "Release although production runs a newer commit that contains this one. A run that a person started or re-ran always may.",
    },
    ledger: ledgerInputs.ledger,
    ...rolloutInputs,
    steps: { ...stepsInput, doc: `${stepsInput.doc} Without steps there is no canary: the swap follows the warm-up.` },
    ...canaryInputs,
    ...stageInputs,
    "database-url": {
      ...databaseInputs["database-url"],
      required: false,
      doc: `${databaseInputs["database-url"].doc} Without it nothing is migrated.`,
    },
    "database-auth": databaseInputs["database-auth"],
    ...databaseAccessInputs,
    "database-resource-group": {
      ...databaseAccessInputs["database-resource-group"],
      doc: "For `firewall-rule`: resource group of that server. Default: that of the app.",
    },
    "database-url-env": gate.inputs["database-url-env"],
    "working-directory": {
      kind: "path",
      doc: "Folder of the Python project whose migrations run. Default: `package`, when that is a folder.",
    },
    "alembic-config": gate.inputs["alembic-config"],
    python: gate.inputs.python,
    "lock-timeout": gate.inputs["lock-timeout"],
    "lock-retries": gate.inputs["lock-retries"],
    "statement-timeout": gate.inputs["statement-timeout"],
    "migration-timeout": { ...gate.inputs.timeout, doc: "For all migrations, waiting for another gate included." },
    deployment: {
      kind: "boolean",
      default: true,
      doc: "Record a GitHub deployment with its statuses; one that a lost run left in progress is ended by the next release of the app. Set `false` in a job with `environment:`, for which GitHub makes one itself.",
    },
    ...lockInputs,
    ...freezeInputs,
    ...approvalInputs,
  },
  outputs: {
    release: { doc: "Id of the release that this run was about." },
    "live-release": { doc: "Release that production runs now. Empty when only a look can tell." },
    "previous-release": { doc: "Release that production ran before." },
    url: { doc: "Address of production." },
    "deployment-id": { doc: "Id of the GitHub deployment. Empty when none was recorded." },
  },
  permissions: {
    "id-token": { level: "write", why: "To sign in to Azure without a secret." },
    contents: {
      level: "read",
      optional: true,
      why: "To see whether production runs a newer commit already, and with `approval: required` who wrote the commit.",
    },
    deployments: {
      level: "write",
      optional: true,
      why: "To record the GitHub deployment, unless `deployment: false`.",
    },
    actions: { level: "read", optional: true, why: "To ask whether the run that holds the lock is over." },
  },
  reasons: {
    released: { decision: "proceed", doc: "The release is live and stayed healthy for the bake time." },
    "already-live": { decision: "nothing-to-do", doc: "Production runs exactly this release." },
    stale: {
      decision: "nothing-to-do",
      doc: "Production runs a newer commit, which contains this one. Nothing was changed.",
    },
    "artifact-mismatch": {
      decision: "hold",
      fails: true,
      doc: "The package is not the one that was built: its SHA-256 is not `artifact-digest`. Nothing was asked of anyone.",
      fix: "Build again. If it happens again, find out who writes to the run's artifacts.",
    },
    "release-taken": {
      decision: "hold",
      fails: true,
      doc: "The ledger knows another package under this release id. Nothing was changed.",
      fix: "Choose another `release`, or leave it out.",
    },
    ...approvalReasons,
    ...canaryReasons,
    ...rolloutReasons,
  },
});
