/** The least that a release needs: a role with its actions on the app, and the ledger's container. */
import { createHash } from "node:crypto";
import { fieldsOf, listAll, PRODUCTION, sitePath, textOf } from "@augeo/azure";
import { ServiceError } from "@augeo/release";
import type { EnvironmentSettings } from "../settings/settings.ts";
import { planOf } from "./app-steps.ts";
import { BUILT_IN, ROLE_ACTIONS, roleName } from "./release-role.ts";
import { type SiteSetup, VERSIONS } from "./site-setup.ts";
import { ABSENT, type Found, type Step, THERE, variableOf, word } from "./step.ts";
import { accountPath, containerPath } from "./storage-steps.ts";

const KIND = "providers/Microsoft.Authorization";

/** A GUID that is the same for the same words: doing a step twice names the same thing. */
function guidOf(...words: readonly string[]): string {
  const hex = createHash("sha256").update(words.join("|").toLowerCase()).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}

function subscriptionPath({ settings }: SiteSetup): string {
  return `/subscriptions/${settings["subscription-id"]}`;
}

interface RoleDefinition {
  readonly guid: string;
  readonly missing: readonly string[];
}

async function findRole(setup: SiteSetup): Promise<RoleDefinition | undefined> {
  const name = roleName(setup.settings["subscription-id"]);
  const path = `${subscriptionPath(setup)}/${KIND}/roleDefinitions`;
  const query = { "api-version": VERSIONS.authorization, $filter: `roleName eq '${name}'` };
  const [found] = await listAll(setup.session.arm, { operation: "look for the role", method: "GET", path, query });
  if (found === undefined) return undefined;
  const permissions = fieldsOf(fieldsOf(found).properties).permissions;
  const granted = JSON.stringify(permissions).toLowerCase();
  const missing = ROLE_ACTIONS.filter((action) => !granted.includes(`"${action.toLowerCase()}"`));
  return { guid: textOf(fieldsOf(found).name), missing };
}

/** Nothing where the built-in role is wanted. */
export function definitionSteps(setup: SiteSetup): Step[] {
  if (setup.settings.role !== "custom") return [];
  const name = roleName(setup.settings["subscription-id"]);
  const assignableScopes = [subscriptionPath(setup)];
  const description = "Releases to App Service slots: deploy, swap, watch. Made by @augeo/deploy init.";
  const definition = {
    Name: name,
    Description: description,
    Actions: ROLE_ACTIONS,
    AssignableScopes: assignableScopes,
  };
  const roleCommand = (verb: "create" | "update") =>
    `az role definition ${verb} --role-definition '${JSON.stringify(definition)}'`;
  return [
    {
      area: "Azure",
      environment: undefined,
      what: `the role "${name}" with the ${ROLE_ACTIONS.length} actions of a release`,
      commands: [roleCommand("create")],
      look: async () => {
        const found = await findRole(setup);
        if (found === undefined) return ABSENT;
        if (found.missing.length === 0) return THERE;
        return { there: false, note: `it lacks ${found.missing.join(", ")}`, commands: [roleCommand("update")] };
      },
      make: async () => {
        const guid = (await findRole(setup))?.guid ?? guidOf(subscriptionPath(setup), name);
        const permissions = [{ actions: ROLE_ACTIONS, notActions: [], dataActions: [], notDataActions: [] }];
        const properties = { roleName: name, description, type: "CustomRole", permissions, assignableScopes };
        const path = `${subscriptionPath(setup)}/${KIND}/roleDefinitions/${guid}`;
        await setup.put(path, VERSIONS.authorization, `create the role ${name}`, { properties });
      },
    },
  ];
}

interface Assignment {
  readonly role: string;
  /** Where it counts, for people. */
  readonly on: string;
  readonly scope: () => Promise<string>;
  /** The same scope as a word of the script. */
  readonly scopeCommand: string;
}

/** On the app and its plan, not on the whole group; on the container, not on the account. */
export function assignmentSteps(setup: SiteSetup, place: EnvironmentSettings): Step[] {
  const { "subscription-id": subscription, role: wanted, "storage-account": account } = setup.settings;
  const role = wanted === "custom" ? roleName(subscription) : wanted;
  const group = place["resource-group"];
  const site = sitePath(setup.session.arm, { app: place.app, resourceGroup: group, slot: PRODUCTION });
  const show = `az webapp show --resource-group ${word(group)} --name ${place.app} --output tsv --query`;
  const all: Assignment[] = [
    { role, on: `the app ${place.app}`, scope: async () => site, scopeCommand: `"$(${show} id)"` },
    { role, on: "its plan", scope: () => planOf(setup, place), scopeCommand: `"$(${show} appServicePlanId)"` },
    {
      role: "Storage Blob Data Contributor",
      on: `the container ${place.container}`,
      scope: async () => containerPath(setup, place),
      scopeCommand: word(containerPath(setup, place)),
    },
    {
      role: "Storage Blob Delegator",
      on: `the storage account ${account}`,
      scope: async () => accountPath(setup),
      scopeCommand: word(accountPath(setup)),
    },
  ];
  return all.map((assignment) => assignmentStep(setup, place, assignment));
}

function assignmentStep(setup: SiteSetup, place: EnvironmentSettings, assignment: Assignment): Step {
  const { role, on, scopeCommand } = assignment;
  const principal = variableOf("PRINCIPAL", place.name);
  return {
    area: "Azure",
    environment: place.name,
    what: `the role ${role} of ${place["identity-name"]} on ${on}`,
    commands: [
      `az role assignment create --assignee-object-id "$${principal}" --assignee-principal-type ServicePrincipal --role ${word(role)} --scope ${scopeCommand}`,
    ],
    look: () => lookForAssignment(setup, place, assignment),
    make: () => assign(setup, place, assignment),
  };
}

async function roleGuid(setup: SiteSetup, role: string): Promise<string | undefined> {
  const builtIn = Object.entries(BUILT_IN).find(([name]) => name === role)?.[1];
  return builtIn ?? (await findRole(setup))?.guid;
}

/** An assignment further out counts as well. */
async function lookForAssignment(setup: SiteSetup, place: EnvironmentSettings, assignment: Assignment): Promise<Found> {
  const identity = setup.identityOf(place);
  const guid = await roleGuid(setup, assignment.role);
  if (identity === undefined || guid === undefined) return ABSENT;
  const scope = await assignment.scope();
  if ((await setup.find(scope, versionOf(scope), `look for ${assignment.on}`)) === undefined) return ABSENT;
  const path = `${scope}/${KIND}/roleAssignments`;
  const query = { "api-version": VERSIONS.authorization, $filter: `principalId eq '${identity.principalId}'` };
  const listed = await listAll(setup.session.arm, {
    operation: "list the role assignments",
    method: "GET",
    path,
    query,
  });
  const counts = listed
    .map((one) => fieldsOf(fieldsOf(one).properties))
    .some((one) => textOf(one.roleDefinitionId).endsWith(guid) && covers(textOf(one.scope), scope));
  return counts ? THERE : ABSENT;
}

function versionOf(scope: string): string {
  return scope.includes("/Microsoft.Storage/") ? VERSIONS.storage : VERSIONS.web;
}

function covers(outer: string, scope: string): boolean {
  return `${scope.toLowerCase()}/`.startsWith(`${outer.toLowerCase()}/`);
}

const REPLICATION = 120_000;
const PAUSE = 5_000;

/** A principal that was made just now is unknown in some places for a while: asked again until it is known. */
async function assign(setup: SiteSetup, place: EnvironmentSettings, { role, scope, on }: Assignment): Promise<void> {
  const { clock, signal } = setup.session.context;
  const identity = setup.identityOf(place);
  const guid = await roleGuid(setup, role);
  if (identity === undefined || guid === undefined)
    throw new Error(`${place["identity-name"]} or ${role} was not made`);
  const where = await scope();
  const roleDefinitionId = `${subscriptionPath(setup)}/${KIND}/roleDefinitions/${guid}`;
  const properties = { roleDefinitionId, principalId: identity.principalId, principalType: "ServicePrincipal" };
  const path = `${where}/${KIND}/roleAssignments/${guidOf(where, identity.principalId, guid)}`;
  const deadline = clock.now() + REPLICATION;
  for (;;) {
    try {
      await setup.put(path, VERSIONS.authorization, `assign the role ${role} on ${on}`, { properties });
      return;
    } catch (error) {
      const code = error instanceof ServiceError ? error.code : undefined;
      if (code === "RoleAssignmentExists") return;
      if (code !== "PrincipalNotFound" || clock.now() > deadline) throw error;
      await clock.sleep(PAUSE, signal);
    }
  }
}
