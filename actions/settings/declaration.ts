/** The keys of `.augeo/deploy.yml`: the one declaration that its parser, its JSON schema and `init`'s flags share. */
import { appInputs, azureInputs, databaseInputs, type InputSpecs, ledgerInputs } from "@augeo/action-kit";

/** One line that begins and ends with something. */
const LINE = /^\S(?:.*\S)?$/;

const resourceGroup = {
  kind: "string",
  pattern: /^(?!.*\.$)[^\s/\\?#&%<>'"]{1,90}$/,
  hint: "at most 90 characters, no spaces and slashes, no dot at the end",
} as const;

/** What is said once, for all environments. */
export const sharedKeys = {
  repository: {
    kind: "string",
    required: true,
    pattern: /^[\w.-]+\/[\w.-]+$/,
    hint: "owner/name, as GitHub writes it",
    doc: "GitHub repository whose workflows deploy: the subject that Azure trusts is made from it.",
  },
  "tenant-id": {
    ...azureInputs["tenant-id"],
    doc: "Microsoft Entra tenant of the subscription; `az account show` names both, after `az login`.",
  },
  "subscription-id": { ...azureInputs["subscription-id"], doc: "Subscription that holds the apps." },
  cloud: { ...azureInputs.cloud, pattern: LINE, hint: azureInputs.cloud.doc },
  region: {
    kind: "string",
    default: "westeurope",
    pattern: /^[a-z0-9]+$/,
    hint: "a region's short name, such as westeurope",
    doc: "Azure region of what `init` creates. What exists stays where it is.",
  },
  identity: {
    kind: "choice",
    options: ["managed-identity", "app-registration"],
    default: "managed-identity",
    doc: "What GitHub signs in as: a user-assigned managed identity (rights in the subscription are enough) or an app registration (needs rights in Entra).",
  },
  subject: {
    kind: "choice",
    options: ["both", "classic", "immutable"],
    default: "both",
    doc: "Which forms of the ID token's subject are registered. GitHub sends the immutable form for repositories made, renamed or transferred after 15 July 2026.",
  },
  role: {
    kind: "choice",
    options: ["custom", "Website Contributor"],
    default: "custom",
    doc: "`custom` creates a role with the actions of a release and no others; the built-in role may also delete the app.",
  },
  "storage-account": {
    kind: "string",
    required: true,
    pattern: /^[a-z0-9]{3,24}$/,
    hint: "3 to 24 lower-case letters and digits, unique in all of Azure",
    doc: "Storage account that holds the ledgers. Its shared keys are switched off.",
  },
  "storage-resource-group": { ...resourceGroup, required: true, doc: "Resource group of the storage account." },
  package: {
    kind: "string",
    default: ".",
    pattern: /^(?!\/)(?!.*\.\.)\S(?:.*\S)?$/,
    hint: "a folder of the repository, such as backend",
    doc: "Folder that is released: the app with its `requirements.txt` and `alembic.ini`.",
  },
  "health-path": {
    kind: "lines",
    default: "/health/ready",
    pattern: /^\/\S*$/,
    hint: "a path that begins with a slash, such as /health/ready",
    doc: "Paths that have to answer 2xx before and after a release goes live.",
  },
  "required-checks": {
    kind: "lines",
    default: "deploy-ok\nmigrations-ok",
    pattern: LINE,
    hint: "a check's name",
    doc: "Checks that a rule of the default branch should require; `doctor` says which are not.",
  },
} as const satisfies InputSpecs;

/** What is said of each environment. */
export const environmentKeys = {
  app: appInputs.app,
  "resource-group": { ...resourceGroup, required: true, doc: appInputs["resource-group"].doc },
  slot: {
    ...appInputs.slot,
    pattern: /^(?!production$)[a-z0-9](?:[a-z0-9-]{0,57}[a-z0-9])?$/i,
    hint: `${appInputs.slot.hint}, and not production`,
  },
  container: {
    kind: "string",
    pattern: /^[a-z0-9](?:[a-z0-9]|-(?!-)){1,61}[a-z0-9]$/,
    hint: "3 to 63 lower-case letters, digits and single hyphens",
    doc: "Blob container of the environment's ledger. Default: `releases-` and the environment's name.",
  },
  "identity-name": {
    kind: "string",
    pattern: /^[\w-]{3,120}$/,
    hint: "3 to 120 letters, digits, hyphens and underscores",
    doc: "Name of the identity that deploys there. Default: the app's name and `-deploy`.",
  },
  "database-url": {
    kind: "string",
    pattern: /^postgres(?:ql)?(?:\+[a-z0-9]+)?:\/\/\S+$/,
    hint: "postgresql://user@host:5432/name",
    doc: "Address of the PostgreSQL database, without a password.",
  },
  "database-auth": { ...databaseInputs["database-auth"], default: "entra" },
  plan: {
    kind: "string",
    pattern: /^[\w-]{1,60}$/,
    hint: "1 to 60 letters, digits and hyphens",
    doc: "App Service plan of an app that `init` creates. Default: the app's name and `-plan`.",
  },
  sku: {
    kind: "string",
    default: "P0v3",
    pattern: /^(?:[Ss][1-3]|[Pp][0-5][Mm]?[Vv][34])$/,
    hint: "a size that has slots, such as S1 or P0v3",
    doc: "Size of the plan that `init` creates.",
  },
  runtime: {
    kind: "string",
    default: "PYTHON|3.12",
    pattern: /^PYTHON\|3\.\d+$/,
    hint: "PYTHON|3.12",
    doc: "Runtime of an app that `init` creates.",
  },
  "start-command": {
    kind: "string",
    pattern: LINE,
    hint: "one line",
    doc: "What starts an app that `init` creates. App Service cannot guess it for FastAPI.",
  },
} as const satisfies InputSpecs;

export const environmentName = ledgerInputs.environment;
