import { bodies, bodyOf, flag, items, type Node, nameOfParts, node, strings, text } from "./ast.ts";
import { decodeExpression } from "./expression.ts";
import type { Operation, OperationOf } from "./operation.ts";
import { decodeType } from "./type-name.ts";

export function decodeAlterEnum(body: Node): Operation[] {
  const type = nameOfParts(strings(items(body, "typeName")));
  const value = text(body, "newVal") ?? "";
  const from = text(body, "oldVal");
  return from === undefined
    ? [{ kind: "add-enum-value", type, value }]
    : [{ kind: "rename-enum-value", type, from, to: value }];
}

export function decodeCreateDomain(body: Node): Operation {
  const name = nameOfParts(strings(items(body, "domainname")));
  const marks = bodies(items(body, "constraints"), "Constraint");
  const written = marks.find((mark) => text(mark, "contype") === "CONSTR_DEFAULT")?.raw_expr;
  return {
    kind: "create-domain",
    type: name,
    base: decodeType(node(body, "typeName")),
    checks: namedChecks(name, marks),
    notNull: marks.some((mark) => text(mark, "contype") === "CONSTR_NOTNULL"),
    default: written === undefined ? undefined : decodeExpression(written),
  };
}

/** PostgreSQL numbers the constraints of a domain that have no name from the second on. */
export const nextCheckName = (domain: string, known: readonly string[]): string => {
  const base = `${domain.slice(domain.lastIndexOf(".") + 1)}_check`;
  let name = base;
  for (let number = 1; known.includes(name); number += 1) name = `${base}${number}`;
  return name;
};

function namedChecks(domain: string, marks: readonly Node[]): string[] {
  const names: string[] = [];
  for (const mark of marks) {
    if (text(mark, "contype") !== "CONSTR_CHECK") continue;
    names.push(text(mark, "conname") ?? nextCheckName(domain, names));
  }
  return names;
}

const DOMAIN_CHANGES: Readonly<Record<string, OperationOf<"alter-domain">["change"]>> = {
  C: "add-constraint",
  X: "drop-constraint",
  V: "validate",
  O: "set-not-null",
  N: "drop-not-null",
};

export function decodeAlterDomain(body: Node): Operation[] {
  const type = nameOfParts(strings(items(body, "typeName")));
  const constraint = bodyOf(body.def, "Constraint");
  const isNotNull = text(constraint, "contype") === "CONSTR_NOTNULL";
  const written = DOMAIN_CHANGES[text(body, "subtype") ?? ""];
  const value = body.def === undefined ? undefined : decodeExpression(body.def);
  return [
    {
      kind: "alter-domain",
      type,
      change: isNotNull ? "set-not-null" : (written ?? (value === undefined ? "drop-default" : "set-default")),
      constraint: text(constraint, "conname") ?? text(body, "name"),
      notValid: flag(constraint, "skip_validation"),
      default: written === undefined ? value : undefined,
    },
  ];
}
