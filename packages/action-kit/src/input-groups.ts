/** Inputs that several actions share, so that the same word means the same thing everywhere. Spread them into `inputs`. */

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const GUID_HINT = "a GUID, such as 00000000-0000-0000-0000-000000000000";

/** Sign-in by OIDC, and where. */
export const azureInputs = {
  "client-id": {
    kind: "string",
    required: true,
    pattern: GUID,
    hint: GUID_HINT,
    doc: "Application (client) id of the identity that trusts this workflow through a federated credential. Not a secret.",
  },
  "tenant-id": {
    kind: "string",
    required: true,
    pattern: GUID,
    hint: GUID_HINT,
    doc: "Microsoft Entra tenant of that identity.",
  },
  "subscription-id": {
    kind: "string",
    required: true,
    pattern: GUID,
    hint: GUID_HINT,
    doc: "Subscription that holds the app.",
  },
  cloud: {
    kind: "string",
    default: "AzureCloud",
    doc: "`AzureCloud`, `AzureUSGovernment`, `AzureChinaCloud`, or a JSON object with the endpoints of another cloud (`authority`, `management`).",
  },
} as const;

/** The same four, for an action that signs in only when asked. */
export const optionalAzureInputs = {
  "client-id": { ...azureInputs["client-id"], required: false },
  "tenant-id": { ...azureInputs["tenant-id"], required: false },
  "subscription-id": { ...azureInputs["subscription-id"], required: false },
  cloud: azureInputs.cloud,
} as const;

const APP_NAME = /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/i;
const SLOT_NAME = /^[a-z0-9](?:[a-z0-9-]{0,57}[a-z0-9])?$/i;

export const appInputs = {
  app: {
    kind: "string",
    required: true,
    pattern: APP_NAME,
    hint: "the app's name alone, such as api-prod: letters, digits and hyphens, not a host name",
    doc: "Name of the App Service app.",
  },
  "resource-group": { kind: "string", required: true, max: 90, doc: "Resource group of the app." },
  slot: {
    kind: "string",
    default: "staging",
    pattern: SLOT_NAME,
    hint: "the slot's name alone, such as staging: letters, digits and hyphens",
    doc: "Deployment slot that receives the new release before production does.",
  },
} as const;

export const ledgerInputs = {
  ledger: {
    kind: "url",
    required: true,
    pattern: /^https:\/\/[^/]+(?:\/[a-z0-9-]+){1,2}\/?$/,
    hint: "the address of a blob container, such as https://account.blob.core.windows.net/releases",
    doc: "Blob container that records the releases and holds the lock: `https://<account>.blob.core.windows.net/<container>`.",
  },
  environment: {
    kind: "string",
    default: "production",
    pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/,
    hint: "letters, digits, dots, hyphens and underscores",
    doc: "Environment of the release: its name in the ledger and as a GitHub environment.",
  },
} as const;

export const githubInputs = {
  "github-token": {
    kind: "secret",
    default: "${{ github.token }}",
    doc: "Token for GitHub's API. The job's own is enough.",
  },
} as const;

export const releaseInputs = {
  release: {
    kind: "string",
    pattern: /^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$/,
    hint: "letters, digits, dots, plus signs, hyphens and underscores, at most 100",
    doc: "Id of the release. Without it, made from the commit and the package's content.",
  },
} as const;

export const databaseInputs = {
  "database-url": {
    kind: "secret",
    required: true,
    pattern: /^postgres(?:ql)?(?:\+[a-z0-9]+)?:\/\//,
    hint: "postgresql://user:password@host:5432/name",
    doc: "Address of the PostgreSQL database. Masked. Leave the password out when `database-auth` is `entra`.",
  },
  "database-auth": {
    kind: "choice",
    options: ["url", "entra"],
    default: "url",
    doc: "`url`: the address carries what signs in. `entra`: a Microsoft Entra token of the signed-in identity is the password.",
  },
} as const;

/** How the runner comes to a database that lets nobody in. */
export const databaseAccessInputs = {
  connect: {
    kind: "choice",
    options: ["direct", "firewall-rule"],
    default: "direct",
    doc: "`direct`: the runner reaches the database as it is. `firewall-rule`: opens the firewall of an Azure Database for PostgreSQL flexible server to this runner for as long as migrations run, and always closes it again. Needs `client-id`, `tenant-id` and `subscription-id`.",
  },
  "database-server": {
    kind: "string",
    pattern: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i,
    hint: "the server's name alone, such as auction-db, not its host name",
    doc: "For `firewall-rule`: name of the flexible server. Default: the first label of the host in `database-url`, where that is an Azure one.",
  },
  "database-resource-group": { kind: "string", max: 90, doc: "For `firewall-rule`: resource group of that server." },
  "runner-address": {
    kind: "lines",
    pattern: /^[0-9][0-9./ -]*$/,
    hint: "an IPv4 address such as 203.0.113.7, or a range: 203.0.113.0/28",
    max: 5,
    doc: "For `firewall-rule`: public IPv4 addresses or ranges, one a line, under which this runner reaches the Internet. Without it, the address that the server itself names when it refuses, else the answer of `runner-address-url`.",
  },
  "runner-address-url": {
    kind: "url",
    default: "https://api.ipify.org",
    doc: "For `firewall-rule`: asked for the runner's public address, when the server does not name it. Answers a text, or JSON that holds it.",
  },
  "firewall-timeout": {
    kind: "duration",
    default: "5m",
    min: "1s",
    max: "30m",
    doc: "For `firewall-rule`: how long opening may take, until the server lets this runner in. Azure itself speaks of up to five minutes.",
  },
} as const;
