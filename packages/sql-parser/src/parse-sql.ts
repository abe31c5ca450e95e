/** libpg-query's synchronous parser, once it is loaded. */
export type ParseSync = (sql: string) => unknown;

export const property = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined;

/** The value under a path of keys. */
export const at = (value: unknown, ...path: readonly string[]): unknown => path.reduce(property, value);

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The tree of the first statement in what the parser answered. */
export const firstStatement = (result: unknown): unknown => property(listOf(property(result, "stmts"))[0], "stmt");

export const stringOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
