import { asText, interpolateAll, type Scope, type Value } from "./expressions.ts";
import { type Mapping, mapping } from "./workflow-file.ts";

/** The combinations of `strategy.matrix`, with `include` and `exclude`. Source: docs.github.com; at most 256. */
export function expandMatrix(strategy: Mapping, scope: Scope): Mapping[] {
  if (strategy.matrix === undefined) return [{}];
  const matrix = mapping(interpolateAll(strategy.matrix, scope), "matrix");
  const axes = Object.entries(matrix).filter(([key]) => key !== "include" && key !== "exclude");
  let combinations: Mapping[] = axes.length === 0 ? [] : [{}];
  for (const [name, values] of axes) {
    if (!Array.isArray(values)) throw new Error(`matrix.${name} is not a list`);
    combinations = combinations.flatMap((known) => values.map((value) => ({ ...known, [name]: value })));
  }
  const excluded = list(matrix.exclude);
  combinations = combinations.filter(
    (combination) => !excluded.some((entry) => matches(entry, combination, Object.keys(entry))),
  );
  const names = axes.map(([name]) => name);
  for (const entry of list(matrix.include)) combinations = include(combinations, entry, names);
  if (combinations.length > 256) throw new Error(`a matrix has at most 256 jobs, this one ${combinations.length}`);
  return combinations;
}

/** An entry extends every combination whose own values it does not change; one that fits none becomes one. */
function include(combinations: readonly Mapping[], entry: Mapping, names: readonly string[]): Mapping[] {
  const shared = Object.keys(entry).filter((key) => names.includes(key));
  const fits = combinations.map((combination) => names.length > 0 && matches(entry, combination, shared));
  if (!fits.includes(true)) return [...combinations, entry];
  return combinations.map((combination, index) => (fits[index] ? { ...combination, ...entry } : combination));
}

function matches(entry: Mapping, combination: Mapping, keys: readonly string[]): boolean {
  return keys.every((key) => JSON.stringify(entry[key]) === JSON.stringify(combination[key]));
}

function list(value: Value | undefined): Mapping[] {
  return Array.isArray(value) ? value.map((item) => mapping(item, "matrix entry")) : [];
}

/** `name (a, b)`, as checks of matrix jobs are called. */
export function matrixName(name: string, combination: Mapping): string {
  const values = Object.values(combination).map((value) => asText(value));
  return values.length === 0 ? name : `${name} (${values.join(", ")})`;
}
