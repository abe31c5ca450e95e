import { type Environment, inputVariable } from "./parse-inputs.ts";
import type { InputSpecs } from "./spec.ts";

/**
 * Inputs that were given but are not declared, each with the declared name it was probably meant to be. The runner
 * itself warns of unknown inputs, but does not say which one was meant.
 */
export function nearMisses(inputs: InputSpecs, env: Environment): { given: string; meant: string }[] {
  const declared = new Map(Object.keys(inputs).map((name) => [inputVariable(name), name]));
  return Object.keys(env)
    .filter((variable) => variable.startsWith("INPUT_") && !declared.has(variable) && env[variable] !== "")
    .flatMap((variable) => {
      const given = variable.slice("INPUT_".length).toLowerCase();
      const meant = closest(given, [...declared.values()]);
      return meant === undefined ? [] : [{ given, meant }];
    });
}

/** The one of the names that was probably meant; undefined when none is near. */
export function closest(given: string, names: readonly string[]): string | undefined {
  const plain = given.replaceAll(/[-_]/g, "");
  const same = names.find((name) => name.replaceAll(/[-_]/g, "") === plain);
  if (same !== undefined) return same;
  const near = names
    .map((name) => ({ name, distance: editDistance(given, name) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 4)))
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.name;
}

/** How many slips lie between two words: a letter more, less or other, or two neighbours exchanged. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const exchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const exchange = exchanged ? (before[j - 2] ?? 0) + 1 : Infinity;
      next.push(Math.min(change, exchange, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
