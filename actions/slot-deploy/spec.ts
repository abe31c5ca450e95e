import { appInputs, azureInputs, defineAction, ledgerInputs, releaseInputs } from "@augeo/action-kit";

export const spec = defineAction({
  name: "slot-deploy",
  title: "Deploy a package to a slot",
  description:
    "Sends a folder or a zip to an App Service slot, once, and ends when the slot holds that release and its app runs.",
  inputs: {
    ...azureInputs,
    ...appInputs,
    package: {
      kind: "path",
      required: true,
      doc: "Folder or zip to deploy, from the workspace. A folder is packed here; what App Service unpacks must lie at its root.",
    },
    ...releaseInputs,
    "schema-head": {
      kind: "string",
      pattern: /^[A-Za-z0-9_.-]{1,64}$/,
      hint: "one Alembic revision id",
      doc: "Alembic revision that this release needs, written into its release file: the gate's output `head`.",
    },
    "create-slot": {
      kind: "boolean",
      default: false,
      doc: "Create the slot when the app has none of that name, with production's configuration, settings and connection strings.",
    },
    via: {
      kind: "choice",
      options: ["scm", "arm"],
      default: "scm",
      doc: "`scm`: send the package to the slot's SCM site. `arm`: let Azure fetch it from Blob Storage, for slots whose SCM site this runner cannot reach.",
    },
    ledger: {
      ...ledgerInputs.ledger,
      required: false,
      doc: "Blob container that holds the package for `via: arm`: the one that the ledger is in.",
    },
    timeout: {
      kind: "duration",
      default: "20m",
      min: "1s",
      max: "5h",
      doc: "For everything up to the end of the deployment: waiting for others, sending, building.",
    },
    "start-timeout": {
      kind: "duration",
      default: "5m",
      min: "0s",
      max: "1h",
      doc: "For the app to start once it is deployed. `0s` does not wait.",
    },
  },
  outputs: {
    release: { doc: "Id of the release that the slot holds now." },
    content: { doc: "SHA-256 of the package's content, the same for a folder and every zip of it." },
    "deployment-id": { doc: "Id of the SCM site's deployment. Empty when nothing had to be deployed." },
    "slot-url": { doc: "Address of the slot's app." },
    "slot-created": { doc: "`true` when this run created the slot." },
  },
  permissions: {
    "id-token": { level: "write", why: "To sign in to Azure without a secret." },
  },
  reasons: {
    deployed: { decision: "proceed", doc: "The slot holds the release and its app runs." },
    "already-deployed": {
      decision: "nothing-to-do",
      doc: "The slot held exactly this release; nothing was sent.",
    },
    "not-started": {
      decision: "hold",
      fails: true,
      doc: "The slot holds the release, and its app did not start in time. Production was not touched.",
      fix: "The container's log in the summary says why. Check the startup command, and that the app listens on the port that App Service expects.",
    },
  },
});
