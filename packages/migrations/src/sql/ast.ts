/** A node of PostgreSQL's parse tree as JSON. The tree is foreign: fields are read through the functions below. */
export type Node = Readonly<Record<string, unknown>>;

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const node = (parent: Node | undefined, key: string): Node | undefined => {
  const value = parent?.[key];
  return isNode(value) ? value : undefined;
};

export const items = (parent: Node | undefined, key: string): readonly unknown[] => {
  const value = parent?.[key];
  return Array.isArray(value) ? value : [];
};

export const text = (parent: Node | undefined, key: string): string | undefined => {
  const value = parent?.[key];
  return typeof value === "string" ? value : undefined;
};

export const flag = (parent: Node | undefined, key: string): boolean => parent?.[key] === true;

/** `{"SelectStmt": {…}}` as its tag and its body. */
export function tagged(value: unknown): readonly [tag: string, body: Node] | undefined {
  if (!isNode(value)) return undefined;
  for (const [tag, body] of Object.entries(value)) {
    if (/^[A-Z]/.test(tag) && isNode(body)) return [tag, body];
  }
  return undefined;
}

/** The body of a value if it carries this tag. */
export const bodyOf = (value: unknown, tag: string): Node | undefined => {
  const found = tagged(value);
  return found?.[0] === tag ? found[1] : undefined;
};

/** The bodies of the values in a list that carry this tag. */
export const bodies = (values: readonly unknown[], tag: string): Node[] =>
  values.map((value) => bodyOf(value, tag)).filter((body) => body !== undefined);

/** The strings of a list of String nodes. */
export const strings = (values: readonly unknown[]): string[] =>
  values.flatMap((value) => text(bodyOf(value, "String"), "sval") ?? []);

/** Visits every tagged node under a value, parents first. Own stack: trees come as deep as the parser allows. */
export function walk(root: unknown, visit: (tag: string, body: Node) => void): void {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (Array.isArray(value)) {
      for (let index = value.length - 1; index >= 0; index -= 1) pending.push(value[index]);
    } else if (isNode(value)) {
      for (const [tag, body] of Object.entries(value).reverse()) {
        if (typeof body === "object" && body !== null) pending.push(body);
        if (/^[A-Z]/.test(tag) && isNode(body)) visit(tag, body);
      }
    }
  }
}

/** `schema.name` without the default schema: what every relation is called in findings and traces. */
export const qualified = (schema: string | undefined, name: string): string =>
  schema === undefined || schema === "public" || schema === "pg_catalog" ? name : `${schema}.${name}`;

export const relationName = (rangeVar: Node | undefined): string =>
  qualified(text(rangeVar, "schemaname"), text(rangeVar, "relname") ?? "");

/** A name given as a list of strings: the last part is the name, the one before it the schema. */
export const nameOfParts = (parts: readonly string[]): string => qualified(parts.at(-2), parts.at(-1) ?? "");
