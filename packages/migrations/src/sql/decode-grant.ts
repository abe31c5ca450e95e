import { bodies, flag, items, type Node, nameOfParts, relationName, strings, tagged, text } from "./ast.ts";
import { objectParts } from "./decode-objects.ts";
import type { Operation, OperationOf } from "./operation.ts";

/** What PUBLIC is called among roles; no role can have this name. */
export const PUBLIC = "public";

/** More than anybody writes by hand; each name goes with each role. */
const MAX_NAMES = 200;
const MAX_ROLES = 20;

/** What ALL stands for. */
const ALL: Readonly<Record<string, readonly string[]>> = {
  table: ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"],
  sequence: ["USAGE", "SELECT", "UPDATE"],
  schema: ["USAGE", "CREATE"],
  database: ["CONNECT", "CREATE", "TEMPORARY"],
  function: ["EXECUTE"],
};

/** GRANT and REVOKE of privileges. */
export const decodeGrant = (body: Node): Operation[] => [grantOf(body)];

function grantOf(body: Node): OperationOf<"grant"> {
  const kind = (text(body, "objtype") ?? "").replace("OBJECT_", "").toLowerCase();
  const object = /^(procedure|routine)$/.test(kind) ? "function" : kind;
  const written = bodies(items(body, "privileges"), "AccessPriv");
  const privileges = written.flatMap((one) => {
    const columns = strings(items(one, "cols"));
    const names = text(one, "priv_name") === undefined ? (ALL[object] ?? ["USAGE"]) : [text(one, "priv_name") ?? ""];
    const suffixes = columns.length === 0 ? [""] : columns.map((column) => ` (${column})`);
    return names.flatMap((name) => suffixes.map((suffix) => `${name.toUpperCase()}${suffix}`));
  });
  return {
    kind: "grant",
    revokes: !flag(body, "is_grant"),
    object,
    names: items(body, "objects").slice(0, MAX_NAMES).map(objectName),
    everyIn: text(body, "targtype") === "ACL_TARGET_ALL_IN_SCHEMA",
    roles: rolesOf(items(body, "grantees")),
    privileges: written.length === 0 ? (ALL[object] ?? ["USAGE"]) : privileges,
    // REVOKE GRANT OPTION FOR leaves the privilege itself.
    optionOnly: !flag(body, "is_grant") && flag(body, "grant_option"),
  };
}

/** GRANT and REVOKE of roles: members may what the role may. */
export const decodeGrantRole = (body: Node): Operation[] => [
  {
    kind: "grant",
    revokes: !flag(body, "is_grant"),
    object: "role",
    names: bodies(items(body, "granted_roles").slice(0, MAX_ROLES), "AccessPriv").map(
      (role) => text(role, "priv_name") ?? "",
    ),
    everyIn: false,
    roles: rolesOf(items(body, "grantee_roles")),
    privileges: ["MEMBER"],
    optionOnly: items(body, "opt").length > 0,
  },
];

/** ALTER DEFAULT PRIVILEGES, as if for every schema and every owner. */
export const decodeDefaultPrivileges = (body: Node): Operation[] =>
  bodies([body.action && { GrantStmt: body.action }], "GrantStmt").map((action) => ({
    kind: "grant-by-default",
    grant: grantOf(action),
  }));

const rolesOf = (values: readonly unknown[]): string[] =>
  bodies(values.slice(0, MAX_ROLES), "RoleSpec").map((role) =>
    text(role, "roletype") === "ROLESPEC_PUBLIC"
      ? PUBLIC
      : (text(role, "rolename") ?? (text(role, "roletype") ?? "").replace("ROLESPEC_", "").toLowerCase()),
  );

function objectName(object: unknown): string {
  const [tag, body] = tagged(object) ?? ["", {}];
  return tag === "RangeVar" ? relationName(body) : nameOfParts(objectParts(object));
}

/** What a privilege is, without the columns that it is for. */
const bare = (privilege: string): string => privilege.replace(/ \(.*/, "");

/** Whether a grant gives a role, or everybody, this privilege. */
export const gives = (grant: OperationOf<"grant">, { object, name, role, privilege }: Privilege): boolean =>
  !grant.revokes &&
  grant.object === object &&
  (grant.everyIn ? grant.names.includes(schemaOf(name)) : grant.names.includes(name)) &&
  (grant.roles.includes(role) || grant.roles.includes(PUBLIC)) &&
  (grant.privileges.includes(privilege) || grant.privileges.includes(bare(privilege)));

/** What a role may do with an object. */
export interface Privilege {
  readonly object: string;
  readonly name: string;
  readonly role: string;
  readonly privilege: string;
}

export const schemaOf = (name: string): string =>
  name.includes(".") ? name.slice(0, name.lastIndexOf(".")) : "public";
