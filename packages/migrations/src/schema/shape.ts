import type { QueryColumn } from "../sql/query-columns.ts";
import { spellType, type TypeName } from "../sql/type-name.ts";
import type { Schema, Table } from "./schema.ts";

/** The columns that code can read from a relation, with their types where those are known. */
export type Shape = ReadonlyMap<string, TypeName | undefined>;

/** What a view gives, made on a schema; `undefined` where that is not known whole. */
export function shapeOf(
  columns: readonly QueryColumn[] | undefined,
  reads: readonly string[],
  { tables }: Pick<Schema, "tables">,
): Shape | undefined {
  if (columns === undefined) return undefined;
  const shape = new Map<string, TypeName | undefined>();
  const sources = reads.map((name) => readable(tables.get(name)));
  for (const column of columns) {
    if ("every" in column) {
      const all = readable(tables.get(column.every));
      if (all === undefined) return undefined;
      for (const [name, type] of all) shape.set(name, type);
    } else shape.set(column.name, column.type ?? typeAmong(sources, column.of));
  }
  return shape;
}

/** What a relation gives; `undefined` where it was not seen being made. */
export function readable(table: Table | undefined): Shape | undefined {
  if (table === undefined) return undefined;
  if (table.kind !== "table") return table.shape;
  return table.complete ? new Map([...table.columns].map(([name, { type }]) => [name, type])) : undefined;
}

/** The type of a column that just one of some relations has. */
function typeAmong(sources: readonly (Shape | undefined)[], column: string | undefined): TypeName | undefined {
  if (column === undefined || sources.includes(undefined)) return undefined;
  const owners = sources.filter((source) => source?.has(column));
  return owners.length === 1 ? owners[0]?.get(column) : undefined;
}

/** What code that was written for one shape misses in another, in words; nothing where it misses nothing. */
export function missingIn(
  now: Shape,
  before: Shape,
  isAlike: (was: TypeName, is: TypeName) => boolean,
): { columns: string[]; note: string } | undefined {
  const gone = [...before.keys()].filter((name) => !now.has(name));
  const other = [...before].flatMap(([name, type]) => {
    const its = now.get(name);
    return type === undefined || its === undefined || isAlike(type, its) ? [] : [{ name, type, its }];
  });
  const parts = [
    ...(gone.length === 0 ? [] : [`it is made again without ${gone.join(", ")}`]),
    ...other.map(({ name, type, its }) => `${name} is ${spellType(its)} in it, and was ${spellType(type)}`),
  ];
  return parts.length === 0
    ? undefined
    : { columns: [...gone, ...other.map(({ name }) => name)], note: parts.join("; ") };
}
