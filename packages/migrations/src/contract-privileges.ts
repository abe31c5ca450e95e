import type { ContractChange } from "./contract-diff.ts";

/** By kind and name of the object, as `role PRIVILEGE`. */
type Privileges = Readonly<Record<string, readonly string[]>>;

/** A role that loses something on more objects than this is told once. */
const MAX_OBJECTS = 3;

/** What roles may no longer do with objects that are still there. */
export function lostPrivileges(before: Privileges, after: Privileges): ContractChange[] {
  const byRole = new Map<string, Map<string, string[]>>();
  for (const [key, old] of Object.entries(before)) {
    const now = after[key];
    if (now === undefined) continue;
    for (const one of old.filter((privilege) => !isHeld(privilege, now))) {
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

function changesOf(object: string, lost: readonly (readonly [key: string, privileges: readonly string[]])[]) {
  const told = lost.map(([key, privileges]): ContractChange => {
    const relation = key.slice(key.indexOf(" ") + 1);
    return { kind: "privilege-lost", relation, object, before: privileges.join(", ") };
  });
  const [first, ...more] = told;
  if (first === undefined || told.length <= MAX_OBJECTS) return told;
  return [{ ...first, before: `${first.before}, and on ${more.length} objects more` }];
}
