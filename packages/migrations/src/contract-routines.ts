import type { ContractChange, ContractChangeKind } from "./contract-diff.ts";

/** A function, a procedure or an aggregate. */
export interface CatalogRoutine {
  name: string;
  /** Types of what a caller gives. */
  arguments: readonly string[];
  /** How many of them, the last ones, may be left out. */
  defaults: number;
  /** As pg_get_function_result prints it: `integer`, `TABLE(id integer)`, `trigger`; null for a procedure. */
  result: string | null;
  /** Its text; a hash is as good. */
  definition: string;
}

type Routines = Readonly<Record<string, CatalogRoutine>>;

/** What becomes of the routines that the running code may call. */
export function diffRoutines(before: Routines, after: Routines): ContractChange[] {
  return Object.entries(before).flatMap(([object, old]) => {
    const now = after[object] ?? Object.values(after).find((other) => accepts(other, old));
    const isTriggers = /^(event_)?trigger$/.test(old.result ?? "");
    const note = (kind: ContractChangeKind, texts: Pick<ContractChange, "before" | "after"> = {}) => [
      { kind, relation: old.name, object, ...texts },
    ];
    // No code calls what a trigger calls.
    if (isTriggers) return now?.definition === old.definition ? [] : note("function-changed");
    if (now === undefined || !accepts(now, old)) return note("function-dropped");
    if (!gives(now.result, old.result))
      return note("function-result-changed", { before: old.result ?? "nothing", after: now.result ?? "nothing" });
    return now.definition === old.definition ? [] : note("function-changed");
  });
}

/** Whether a routine takes every call that another takes. */
function accepts(now: CatalogRoutine, old: CatalogRoutine): boolean {
  const needed = (routine: CatalogRoutine): number => routine.arguments.length - routine.defaults;
  const isSame = old.arguments.every((type, index) => now.arguments[index] === type);
  return now.name === old.name && isSame && needed(now) <= needed(old);
}

/** Whether a result holds all that another did: a table may have further columns. */
function gives(now: string | null, old: string | null): boolean {
  const [had, has] = [old, now].map((result) => /^TABLE\((.*)\)$/.exec(result ?? "")?.[1]);
  return now === old || (had !== undefined && has?.startsWith(`${had}, `) === true);
}
