import type { Step } from "../engine/step.ts";
import type { Schema } from "../schema/schema.ts";
import { missingIn, type Shape, shapeOf } from "../schema/shape.ts";
import type { Operation } from "../sql/operation.ts";
import { isInvisible } from "./types.ts";

/** What old code misses in a relation that the revision makes under a name which it freed. */
export function lostIn(operation: Operation, step: Step): ReturnType<typeof missingIn> {
  const { situation } = step;
  const [name, shape] = shapeMadeBy(operation, situation.schema);
  const before = situation.formerShapes.get(name);
  return before === undefined || shape === undefined
    ? undefined
    : missingIn(shape, before, (was, is) => isInvisible(was, is, step));
}

/** The revision makes a relation under a name that it freed, and what one of the two gives was not seen. */
export function isShapeUnseen(operation: Operation, { situation }: Step): boolean {
  const [name, shape] = shapeMadeBy(operation, situation.schema);
  const { formerShapes } = situation;
  return formerShapes.has(name) && (formerShapes.get(name) === undefined || shape === undefined);
}

function shapeMadeBy(operation: Operation, schema: Schema): readonly [name: string, shape: Shape | undefined] {
  if (operation.kind === "create-view") return [operation.view, shapeOf(operation.columns, operation.reads, schema)];
  if (operation.kind === "create-table-as")
    return [operation.relation, shapeOf(operation.columns, operation.reads, schema)];
  return ["", undefined];
}
