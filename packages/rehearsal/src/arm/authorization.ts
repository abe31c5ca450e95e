import { type Call, type Reply, ReplyError } from "../http.ts";
import { type Context, isRecord, ok, paths, propertiesOf } from "./context.ts";
import { gatewayError } from "./errors.ts";
import { scopeCovers } from "./rbac.ts";
import { type RoleAssignment, type RoleDefinition, same } from "./world.ts";

/** Ids of the built-in roles that can be assigned here. Source: Microsoft Learn, Azure built-in roles. */
const builtIn: Readonly<Record<string, string>> = {
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
  "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
  "acdd72a7-3385-48ef-bd42-f606fba81ae7": "Reader",
  "de139f84-1756-47ae-9be6-808fbbe84772": "Website Contributor",
  "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
  "db58b8e5-c6ad-4a2a-8342-4190687cbf4a": "Storage Blob Delegator",
};

const kind = "Microsoft.Authorization";

function definitionId(scope: string, name: string): string {
  return `${scope}/providers/${kind}/roleDefinitions/${name}`;
}

/** Where a path stands before its last `/providers/`. */
function scopeOf(call: Call): string {
  const at = call.segments.findLastIndex((one) => same(one, "providers"));
  return `/${call.segments.slice(0, at).join("/")}`;
}

function subscriptionOf(scope: string): string {
  return scope.split("/").slice(0, 3).join("/");
}

function roleIdOf(context: Context, role: RoleAssignment["role"]): string {
  const name = typeof role === "string" ? role : role.name;
  const custom = context.world.roleDefinitions.find((one) => same(one.roleName, name))?.name;
  return custom ?? Object.entries(builtIn).find(([, roleName]) => same(roleName, name))?.[0] ?? "";
}

function assignmentView(context: Context, assignment: RoleAssignment): unknown {
  const { name = "", principalId, role, scope } = assignment;
  const roleDefinitionId = definitionId(subscriptionOf(scope), roleIdOf(context, role));
  const properties = { roleDefinitionId, principalId, principalType: "ServicePrincipal", scope, condition: null };
  const type = `${kind}/roleAssignments`;
  return { id: `${scope}/providers/${type}/${name}`, name, type, properties };
}

/** `principalId eq` finds assignments at, above and below the scope. */
function listAssignments(context: Context, call: Call): Reply {
  const scope = scopeOf(call);
  const [, principal] = /principalId eq '([^']*)'/i.exec(call.query.get("$filter") ?? "") ?? [];
  const found = context.world.roleAssignments.filter(
    (one) =>
      (principal === undefined || same(one.principalId, principal)) &&
      (scopeCovers(one.scope, scope) || scopeCovers(scope, one.scope)),
  );
  return ok({ value: found.map((one) => assignmentView(context, one)), nextLink: null });
}

function roleFrom(context: Context, id: string): RoleAssignment["role"] {
  const guid = id.split("/").at(-1)?.toLowerCase() ?? "";
  const custom = context.world.roleDefinitions.find((one) => same(one.name, guid));
  if (custom !== undefined) return { name: custom.roleName, actions: custom.actions };
  const name = builtIn[guid];
  if (name === undefined)
    throw gatewayError(
      400,
      "RoleDefinitionDoesNotExist",
      `The specified role definition with ID '${guid}' does not exist.`,
    );
  return name;
}

function isKnown({ world }: Context, principalId: string): boolean {
  return world.applications.some((one) => same(one.objectId, principalId));
}

async function putAssignment(context: Context, call: Call): Promise<Reply> {
  const { roleDefinitionId, principalId } = await propertiesOf(call);
  const scope = scopeOf(call);
  const assignment: RoleAssignment = {
    name: call.param("assignment"),
    principalId: String(principalId),
    role: roleFrom(context, String(roleDefinitionId)),
    scope,
  };
  if (!isKnown(context, assignment.principalId)) {
    const text = `Principal ${assignment.principalId.replaceAll("-", "")} does not exist in the directory ${context.world.tenantId}.`;
    throw gatewayError(400, "PrincipalNotFound", text);
  }
  const twin = context.world.roleAssignments.find(
    (one) =>
      same(one.principalId, assignment.principalId) &&
      same(one.scope, scope) &&
      roleIdOf(context, one.role) === roleIdOf(context, assignment.role),
  );
  if (twin !== undefined && twin.name === assignment.name) return ok(assignmentView(context, twin));
  if (twin !== undefined) throw gatewayError(409, "RoleAssignmentExists", "The role assignment already exists.");
  context.world.roleAssignments.push(assignment);
  return { status: 201, body: assignmentView(context, assignment) };
}

function definitionView(scope: string, { name, roleName, actions, assignableScopes }: RoleDefinition): unknown {
  const permissions = [{ actions, notActions: [], dataActions: [], notDataActions: [] }];
  const type = `${kind}/roleDefinitions`;
  return {
    id: definitionId(scope, name),
    name,
    type,
    properties: { roleName, type: "CustomRole", permissions, assignableScopes },
  };
}

/** Roles that can be assigned at the scope that is asked: the subscription's own, and the built-in ones. */
function listDefinitions(context: Context, call: Call): Reply {
  const [, roleName] = /roleName eq '([^']*)'/i.exec(call.query.get("$filter") ?? "") ?? [];
  const scope = subscriptionOf(scopeOf(call));
  const all = [
    ...context.world.roleDefinitions.map((one) => [one.roleName, definitionView(scope, one)] as const),
    ...Object.entries(builtIn).map(([name, builtInName]) => [builtInName, builtInView(name, builtInName)] as const),
  ];
  const found = all.filter(([name]) => roleName === undefined || same(name, roleName));
  return ok({ value: found.map(([, view]) => view) });
}

/** What it allows is not told: nobody here reads it. */
function builtInView(name: string, roleName: string): unknown {
  const properties = { roleName, type: "BuiltInRole", permissions: [], assignableScopes: ["/"] };
  return { id: definitionId("", name), name, type: `${kind}/roleDefinitions`, properties };
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

async function putDefinition(context: Context, call: Call): Promise<Reply> {
  const { roleName, permissions, assignableScopes } = await propertiesOf(call);
  const [permission] = Array.isArray(permissions) ? permissions : [];
  const definition: RoleDefinition = {
    name: call.param("definition"),
    roleName: String(roleName),
    actions: texts(isRecord(permission) ? permission.actions : []),
    assignableScopes: texts(assignableScopes),
  };
  if (definition.assignableScopes.length === 0)
    throw new ReplyError({
      status: 400,
      body: { error: { code: "MissingAssignableScopes", message: "No assignable scope." } },
    });
  const { roleDefinitions } = context.world;
  const namesake = roleDefinitions.find(
    (one) => same(one.roleName, definition.roleName) && one.name !== definition.name,
  );
  if (namesake !== undefined) {
    const text = `A custom role with the same name already exists in this directory. Use a different name.`;
    throw gatewayError(409, "RoleDefinitionWithSameNameExists", text);
  }
  const at = roleDefinitions.findIndex((one) => one.name === definition.name);
  if (at >= 0) roleDefinitions.splice(at, 1, definition);
  else roleDefinitions.push(definition);
  return { status: 201, body: definitionView(scopeOf(call), definition) };
}

const authorization = `providers/${kind}`;
/** Scopes at which roles are assigned here, from the narrowest. */
const scopes = [
  paths.slot,
  `${paths.web}/serverfarms/{plan}`,
  `${paths.group}/providers/Microsoft.Storage/storageAccounts/{account}[/blobServices/default/containers/{container}]`,
  paths.group,
  "/subscriptions/{subscription}",
];

export const authorizationRoutes = [
  ...scopes.flatMap(
    (scope) =>
      [
        ["GET", `${scope}/${authorization}/roleAssignments`, listAssignments],
        ["GET", `${scope}/${authorization}/roleDefinitions`, listDefinitions],
        ["PUT", `${scope}/${authorization}/roleAssignments/{assignment}`, putAssignment],
      ] as const,
  ),
  ["PUT", `/subscriptions/{subscription}/${authorization}/roleDefinitions/{definition}`, putDefinition],
] as const;
