/** GitHub's side: the environment, who may deploy to it, and the variables that the workflows read. No secret. */
import { fieldsOf, listOf, textOf } from "@augeo/azure";
import { ServiceError } from "@augeo/release";
import type { EnvironmentSettings } from "../settings/settings.ts";
import type { SiteSetup } from "./site-setup.ts";
import { ABSENT, type Step, THERE, variableOf, word } from "./step.ts";
import { ledgerUrl } from "./storage-steps.ts";

type Place = EnvironmentSettings;
type Call = Parameters<SiteSetup["github"]["call"]>[0];

const ENVIRONMENT = "/repos/{owner}/{repo}/environments/{environment_name}";

function call(setup: SiteSetup, place: Place, request: Omit<Call, "repeatable"> & { repeatable?: boolean }) {
  const parameters = { environment_name: place.name, ...request.parameters };
  return setup.github.call({ repeatable: true, ...request, parameters });
}

export function environmentSteps(setup: SiteSetup, place: Place): Step[] {
  return [environmentStep(setup, place), variablesStep(setup, place)];
}

/** An environment that is there keeps its rules: they are somebody's decision. */
function environmentStep(setup: SiteSetup, place: Place): Step {
  const { repository } = setup.settings;
  const path = `repos/${repository}/environments/${encodeURIComponent(place.name)}`;
  return {
    area: "GitHub",
    environment: place.name,
    what: `the GitHub environment ${place.name}, to which only the default branch deploys`,
    commands: [
      `gh api --method PUT ${path} -F 'deployment_branch_policy[protected_branches]=false' -F 'deployment_branch_policy[custom_branch_policies]=true'`,
      `gh api --method POST ${path}/deployment-branch-policies -f "name=$DEFAULT_BRANCH"`,
    ],
    look: async () => {
      const request = { operation: "read the environment", permission: "actions: read", accept: [404] };
      const data = await call(setup, place, { ...request, route: `GET ${ENVIRONMENT}` });
      return data === undefined ? ABSENT : THERE;
    },
    make: () => createEnvironment(setup, place),
  };
}

async function createEnvironment(setup: SiteSetup, place: Place): Promise<void> {
  const { defaultBranch } = await setup.repository();
  const put = (parameters: Record<string, unknown>) =>
    call(setup, place, {
      operation: `create the environment ${place.name}`,
      permission: "administration: write",
      route: `PUT ${ENVIRONMENT}`,
      parameters,
    });
  try {
    await put({ deployment_branch_policy: { protected_branches: false, custom_branch_policies: true } });
  } catch (error) {
    // Private repositories of some plans have environments without rules.
    if (!(error instanceof ServiceError && error.status === 422)) throw error;
    await put({});
    return;
  }
  await call(setup, place, {
    operation: `let ${defaultBranch} deploy to ${place.name}`,
    permission: "administration: write",
    route: `POST ${ENVIRONMENT}/deployment-branch-policies`,
    parameters: { name: defaultBranch },
    // 303: that policy is there already.
    accept: [303],
  });
}

/** The variables that the reusable workflows read; undefined for what is not known yet. */
export async function variablesOf(
  setup: SiteSetup,
  place: Place,
): Promise<Readonly<Record<string, string | undefined>>> {
  const { settings } = setup;
  return {
    AZURE_CLIENT_ID: setup.identityOf(place)?.clientId,
    AZURE_TENANT_ID: settings["tenant-id"],
    AZURE_SUBSCRIPTION_ID: settings["subscription-id"],
    ...(settings.cloud === "AzureCloud" ? {} : { AZURE_CLOUD: settings.cloud }),
    AZURE_APP: place.app,
    AZURE_RESOURCE_GROUP: place["resource-group"],
    AZURE_SLOT: place.slot,
    RELEASE_LEDGER: await ledgerUrl(setup, place),
    ...(place["database-url"] === undefined
      ? {}
      : { DATABASE_URL: place["database-url"], DATABASE_AUTH: place["database-auth"] }),
  };
}

async function readVariables(setup: SiteSetup, place: Place): Promise<ReadonlyMap<string, string>> {
  const request = { operation: "list the variables", permission: "environments: read", accept: [404] };
  const parameters = { per_page: 30 };
  const data = await call(setup, place, { ...request, route: `GET ${ENVIRONMENT}/variables`, parameters });
  const listed = listOf(fieldsOf(data).variables).map(fieldsOf);
  return new Map(listed.map(({ name, value }) => [textOf(name), textOf(value)]));
}

function variablesStep(setup: SiteSetup, place: Place): Step {
  return {
    area: "GitHub",
    environment: place.name,
    what: `the variables of the GitHub environment ${place.name}`,
    commands: variableCommands(setup, place),
    look: async () => {
      const [wanted, there] = await Promise.all([variablesOf(setup, place), readVariables(setup, place)]);
      const wrong = Object.entries(wanted).filter(([name, value]) => there.get(name) !== value);
      if (wrong.length === 0) return THERE;
      if (there.size === 0) return ABSENT;
      return { there: false, note: wrong.map(([name, value]) => difference(name, there.get(name), value)).join("; ") };
    },
    make: () => writeVariables(setup, place),
  };
}

function difference(name: string, is: string | undefined, wanted: string | undefined): string {
  if (is === undefined) return `${name} is not set`;
  return wanted === undefined ? `${name} is ${is}, but what it names was not found` : `${name} is ${is}, not ${wanted}`;
}

async function writeVariables(setup: SiteSetup, place: Place): Promise<void> {
  const [wanted, there] = await Promise.all([variablesOf(setup, place), readVariables(setup, place)]);
  for (const [name, value] of Object.entries(wanted)) {
    if (value === undefined || there.get(name) === value) continue;
    const known = there.has(name);
    await call(setup, place, {
      operation: `set the variable ${name}`,
      permission: "environments: write",
      route: known ? `PATCH ${ENVIRONMENT}/variables/{name}` : `POST ${ENVIRONMENT}/variables`,
      parameters: { name, value },
      repeatable: known,
    });
  }
}

function variableCommands({ settings }: SiteSetup, place: Place): string[] {
  const account = `az storage account show --name ${settings["storage-account"]} --resource-group ${word(settings["storage-resource-group"])} --query primaryEndpoints.blob --output tsv`;
  const values: readonly (readonly [string, string])[] = [
    ["AZURE_CLIENT_ID", `"$${variableOf("CLIENT", place.name)}"`],
    ["AZURE_TENANT_ID", settings["tenant-id"]],
    ["AZURE_SUBSCRIPTION_ID", settings["subscription-id"]],
    ...(settings.cloud === "AzureCloud" ? [] : [["AZURE_CLOUD", word(settings.cloud)] as const]),
    ["AZURE_APP", place.app],
    ["AZURE_RESOURCE_GROUP", word(place["resource-group"])],
    ["AZURE_SLOT", place.slot],
    ["RELEASE_LEDGER", `"$(${account})${place.container}"`],
    ...(place["database-url"] === undefined
      ? []
      : ([
          ["DATABASE_URL", word(place["database-url"])],
          ["DATABASE_AUTH", place["database-auth"]],
        ] as const)),
  ];
  const target = `--repo ${settings.repository} --env ${word(place.name)}`;
  return values.map(([name, value]) => `gh variable set ${name} ${target} --body ${value}`);
}
