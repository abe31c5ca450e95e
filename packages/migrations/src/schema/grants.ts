import { type Privilege, schemaOf } from "../sql/decode-grant.ts";
import type { Operation, OperationOf } from "../sql/operation.ts";
import type { Draft } from "./draft.ts";
import type { Schema } from "./schema.ts";

/** Privileges seen being granted, as `role PRIVILEGE`, by kind and name of their object: `table account`. */
export type Grants = ReadonlyMap<string, ReadonlySet<string>>;

/** Name under which the grants stand that every object comes with once it is made; no relation is called so. */
export const BY_DEFAULT = "*";

/**
 * Carries grants over an operation. Those of a dropped relation stay until another takes its name: it has only those that
 * all have by default.
 */
export function foldGrants(draft: Draft, operation: Operation): void {
  if (operation.kind === "create-object" && operation.object === "role") draft.roles.add(operation.name);
  if (operation.kind === "grant-by-default") {
    const { grant } = operation;
    // Not all that it is granted is seen from now on: on which schemas, and made by whom, was not looked at.
    for (const role of grant.roles) draft.roles.delete(role);
    foldGrant(draft, { ...grant, names: [BY_DEFAULT] });
  }
  if (operation.kind === "grant") foldGrant(draft, operation);
  if (operation.kind === "rename" && /^(table|view)$/.test(operation.object)) {
    const known = draft.grants.get(`table ${operation.name}`);
    if (known !== undefined) draft.grants.set(`table ${operation.to}`, new Set(known));
  }
  const made = madeBy(operation);
  if (made !== undefined && !draft.tables.has(made))
    draft.grants.set(`table ${made}`, new Set(draft.grants.get(`table ${BY_DEFAULT}`)));
}

function madeBy(operation: Operation): string | undefined {
  if (operation.kind === "create-view") return operation.view;
  if (operation.kind === "create-table-as") return operation.relation;
  return operation.kind === "create-table" ? operation.table : undefined;
}

function foldGrant(
  draft: Draft,
  { object, names, everyIn, roles, privileges, revokes, optionOnly }: OperationOf<"grant">,
) {
  if (optionOnly) return;
  const meant = everyIn ? [...draft.tables.keys()].filter((name) => names.includes(schemaOf(name))) : names;
  for (const name of meant) {
    const known = draft.grants.get(`${object} ${name}`) ?? new Set<string>();
    for (const one of roles.flatMap((role) => privileges.map((privilege) => `${role} ${privilege}`)))
      if (revokes) known.delete(one);
      else known.add(one);
    draft.grants.set(`${object} ${name}`, known);
  }
}

/** Privileges of an object that were seen being granted. */
export const grantedOn = ({ grants }: Pick<Schema, "grants">, object: string, name: string): Privilege[] =>
  [...(grants.get(`${object} ${name}`) ?? [])].map((one) => {
    const at = one.indexOf(" ");
    return { object, name, role: one.slice(0, at), privilege: one.slice(at + 1) };
  });
