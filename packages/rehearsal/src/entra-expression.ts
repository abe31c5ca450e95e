import type { JWTPayload } from "jose";

function holds(term: string, claims: JWTPayload): boolean {
  const parts = /^claims\['([^']+)'\]\s+(eq|matches)\s+'([^']*)'$/.exec(term.trim());
  if (parts === null) return false;
  const [, claim = "", operator, value = ""] = parts;
  const presented = String(claims[claim] ?? "");
  if (operator === "eq") return presented === value;
  const pattern = value
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${pattern}$`).test(presented);
}

/** Whether the claims fulfil the expression of a flexible federated credential: `eq` and `matches`, joined by `and`. */
export function fulfils(expression: string, claims: JWTPayload): boolean {
  return expression.split(/\s+and\s+/).every((term) => holds(term, claims));
}
