import type { Catalog, ContractChange } from "./contract-diff.ts";

/** A role that loses something on more objects than this is told once. */
const MAX_OBJECTS = 3;

/** What roles may no longer do with objects that are still there. What everybody loses is told of PUBLIC alone. */
export function lostPrivileges(before: Catalog, after: Catalog): ContractChange[] {
  const byRole = new Map<string, Map<string, string[]>>();
  for (const [key, old] of Object.entries(before.privileges)) {
    const now = after.privileges[key];
    if (now === undefined) continue;
    const isLost = (one: string) => !isHeld(one, now) && !isOfGoneColumn(key, one, after);
    for (const one of old.filter((privilege) => isLost(privilege) && !isEverybodys(privilege, old))) {
      const at = one.indexOf(" ");
      const objects = byRole.get(one.slice(0, at)) ?? new Map<string, string[]>();
      objects.set(key, [...(objects.get(key) ?? []), one.slice(at + 1)]);
      byRole.set(one.slice(0, at), objects);
    }
  }
  return [...byRole].flatMap(([role, objects]) => changesOf(role, [...objects]));
}

/** With the privilege on the whole table, those on its columns are had too; and what everybody may, a role may. */
const isHeld = (privilege: string, now: readonly string[]): boolean =>
  [privilege, privilege.replace(/ \(.*/, "")].some(
    (one) => now.includes(one) || now.includes(one.replace(/^\S+/, "public")),
  );

const isEverybodys = (privilege: string, old: readonly string[]): boolean =>
  !privilege.startsWith("public ") && old.includes(privilege.replace(/^\S+/, "public"));

/** The column itself is told of. */
function isOfGoneColumn(key: string, privilege: string, { relations }: Catalog): boolean {
  const column = / \((.*)\)$/.exec(privilege)?.[1];
  const table = relations[nameIn(key)];
  return column !== undefined && table !== undefined && table.columns[column] === undefined;
}

/** Without its kind, and without the arguments of a routine. */
const nameIn = (key: string): string => {
  const name = key.slice(key.indexOf(" ") + 1);
  return kindIn(key) === "function" ? name.replace(/\(.*/, "") : name;
};
const kindIn = (key: string): string => key.slice(0, key.indexOf(" "));

function changesOf(object: string, lost: readonly (readonly [key: string, privileges: readonly string[]])[]) {
  const told = lost.map(([key, privileges]): ContractChange => {
    return { kind: "privilege-lost", relation: nameIn(key), on: kindIn(key), object, before: privileges.join(", ") };
  });
  const [first, ...more] = told;
  if (first === undefined || told.length <= MAX_OBJECTS) return told;
  return [{ ...first, after: `and on ${more.length} objects more` }];
}
