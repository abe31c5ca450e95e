import {
  bodies,
  bodyOf,
  flag,
  items,
  type Node,
  nameOfParts,
  node,
  relationName,
  strings,
  tagged,
  text,
} from "./ast.ts";
import { typeWord } from "./decode-routine.ts";
import type { DropKind, Operation, RenameKind } from "./operation.ts";

const DROPS: Readonly<Record<string, DropKind>> = {
  OBJECT_TABLE: "table",
  OBJECT_FOREIGN_TABLE: "table",
  OBJECT_INDEX: "index",
  OBJECT_VIEW: "view",
  OBJECT_MATVIEW: "materialized-view",
  OBJECT_SCHEMA: "schema",
  OBJECT_TYPE: "type",
  OBJECT_DOMAIN: "domain",
  OBJECT_TRIGGER: "trigger",
  OBJECT_RULE: "rule",
  OBJECT_POLICY: "policy",
  OBJECT_SEQUENCE: "sequence",
  OBJECT_FUNCTION: "function",
  OBJECT_PROCEDURE: "function",
  OBJECT_ROUTINE: "function",
  OBJECT_AGGREGATE: "function",
};

/** DROP of anything. */
export function decodeDrop(body: Node): Operation[] {
  const object = DROPS[text(body, "removeType") ?? ""] ?? "other";
  const parts = items(body, "objects").map(objectParts);
  const isOnTable = object === "trigger" || object === "rule" || object === "policy";
  const dropped = drop(object, parts.map(nameOfParts), body);
  if (object === "function") return [{ ...dropped, signatures: items(body, "objects").map(argumentTypes) }];
  if (!isOnTable) return [dropped];
  return parts.map((path) => ({ ...drop(object, [path.at(-1) ?? ""], body), on: nameOfParts(path.slice(0, -1)) }));
}

export function drop(object: DropKind, names: string[], body: Node): Extract<Operation, { kind: "drop" }> {
  return {
    kind: "drop",
    object,
    names,
    on: undefined,
    cascade: text(body, "behavior") === "DROP_CASCADE",
    concurrently: flag(body, "concurrent"),
    ifExists: flag(body, "missing_ok"),
  };
}

/** The types that a routine is named with. */
function argumentTypes(object: unknown): string[] | undefined {
  const routine = bodyOf(object, "ObjectWithArgs");
  if (routine === undefined || flag(routine, "args_unspecified")) return undefined;
  return bodies(items(routine, "objargs"), "TypeName").map(typeWord);
}

export function objectParts(object: unknown): string[] {
  const found = tagged(object);
  if (found === undefined) return [];
  const [tag, body] = found;
  if (tag === "List") return strings(items(body, "items"));
  if (tag === "String") return [text(body, "sval") ?? ""];
  if (tag === "TypeName") return strings(items(body, "names"));
  return strings(items(body, "objname"));
}

export const RENAMES: Readonly<Record<string, RenameKind>> = {
  OBJECT_TABLE: "table",
  OBJECT_FOREIGN_TABLE: "table",
  OBJECT_COLUMN: "column",
  OBJECT_VIEW: "view",
  OBJECT_MATVIEW: "view",
  OBJECT_SCHEMA: "schema",
  OBJECT_TABCONSTRAINT: "constraint",
  OBJECT_INDEX: "index",
  OBJECT_TYPE: "type",
  OBJECT_DOMAIN: "type",
  OBJECT_DOMCONSTRAINT: "domain-constraint",
  OBJECT_ATTRIBUTE: "attribute",
  OBJECT_SEQUENCE: "sequence",
  OBJECT_TRIGGER: "trigger",
  OBJECT_RULE: "trigger",
  OBJECT_POLICY: "trigger",
  OBJECT_FUNCTION: "function",
  OBJECT_PROCEDURE: "function",
  OBJECT_ROUTINE: "function",
  OBJECT_AGGREGATE: "function",
};

/** ALTER … RENAME of anything. */
export function decodeRename(body: Node): Operation[] {
  const object = RENAMES[text(body, "renameType") ?? ""] ?? "other";
  const relation = node(body, "relation");
  const to = text(body, "newname") ?? "";
  const subname = text(body, "subname") ?? "";
  const own = relation === undefined ? nameOfParts(objectParts(body.object)) : relationName(relation);
  const name = own === "" ? subname : own;
  const isInside = /^(column|constraint|attribute|trigger|domain-constraint)$/.test(object);
  const schema = /^(type|function)$/.test(object) ? objectParts(body.object).at(-2) : text(relation, "schemaname");
  const renamed = schema === undefined || isInside ? to : nameOfParts([schema, to]);
  return [{ kind: "rename", object, name, from: isInside ? subname : name, to: renamed }];
}
