import { isHarmlessCall } from "../physics/volatility.ts";
import type { Schema } from "../schema/schema.ts";
import type { Operation, OperationOf } from "../sql/operation.ts";

/** Routines may call each other this deep, and do this many things, before the rest is left unread. */
const MAX_DEPTH = 5;
const MAX_OPERATIONS = 1000;

/** Operations with those of the routines and prepared statements that they call, each before what calls it. */
export function withCalled(operations: readonly Operation[], schema: Schema): readonly Operation[] {
  const isPlain = operations.every(({ kind }) => kind !== "select" && kind !== "run-prepared");
  return isPlain ? operations : unfolded(operations, schema, 0).slice(0, MAX_OPERATIONS);
}

function unfolded(operations: readonly Operation[], schema: Schema, depth: number): Operation[] {
  return operations.flatMap((operation): Operation[] => {
    if (operation.kind === "run-prepared") return prepared(operation, schema, depth);
    if (operation.kind !== "select") return [operation];
    const known = operation.functions.flatMap((name) => schema.functions.get(name) ?? []);
    const done = depth < MAX_DEPTH ? known.flatMap(({ body }) => unfolded(body, schema, depth + 1)) : [];
    return [...done, operation, ...unknownCalls(operation, schema)];
  });
}

function prepared({ name }: OperationOf<"run-prepared">, schema: Schema, depth: number): Operation[] {
  const operations = schema.prepared.get(name);
  if (operations === undefined) return [unseen(`what ${name} stands for was not seen`)];
  return depth < MAX_DEPTH ? unfolded(operations, schema, depth + 1) : [];
}

const unknownCalls = ({ calls }: OperationOf<"select">, schema: Schema): Operation[] =>
  calls
    .filter((name) => !schema.functions.has(name) && !isHarmlessCall(name))
    .map((name) => unseen(`what ${name}() does was not seen`));

const unseen = (reason: string): Operation => ({ kind: "unseen", reason });
