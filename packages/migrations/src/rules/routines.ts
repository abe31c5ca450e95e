import type { Run, Step } from "../engine/step.ts";
import type { Routine } from "../schema/schema.ts";
import type { Argument, OperationOf, Returned } from "../sql/operation.ts";
import { breaking, isMadeHere, isNewTable, isRenamedAway, later } from "./conditions.ts";
import { execute, recipe, sqlName } from "./recipe-text.ts";
import { any, type Hit, hit, on, type Rule } from "./rule.ts";
import { isShapeUnseen, lostIn } from "./shapes.ts";

/** What becomes of a routine that a revision drops or renames, for those who call it. */
type Fate =
  /** No code calls it: it belongs to a trigger. Or a routine takes its place that every call finds the same. */
  | { readonly kind: "kept" }
  /** It is made again, and whether callers find it the same was not seen. */
  | { readonly kind: "unseen" }
  | { readonly kind: "gone" | "changed"; readonly note: string | undefined; readonly isLikelyTrigger: boolean };

const KEPT: Fate = { kind: "kept" };

function fateOf(name: string, signature: readonly string[] | undefined, step: Step, run: Run): Fate {
  if (isMadeHere("function", name, run)) return KEPT;
  const known = knownRoutine(name, signature, step);
  if (isTriggers(known?.returns)) return KEPT;
  const heirs = run.operations.filter((one): one is Heir => one.kind === "create-function" && one.name === name);
  if (heirs.length === 0) return madeUnread(name, run) ? { kind: "unseen" } : gone(signature, run);
  const wanted = known?.arguments ?? signature?.map((type): Argument => ({ type, hasDefault: false }));
  if (wanted === undefined) return { kind: "unseen" };
  const heir = heirs.find((one) => accepts(one.arguments, wanted));
  if (heir === undefined) {
    const now = heirs.map((one) => spelled(name, one.arguments)).join(", ");
    return { kind: "changed", note: `${spelled(name, wanted)} is made again as ${now}`, isLikelyTrigger: false };
  }
  if (isTriggers(heir.returns)) return KEPT;
  if (known?.returns === undefined) return { kind: "unseen" };
  const note = changedResult(known.returns, heir.returns);
  return note === undefined ? KEPT : { kind: "changed", note, isLikelyTrigger: false };
}

type Heir = OperationOf<"create-function">;

/** An aggregate made again: how it is called was not looked at. */
const madeUnread = (name: string, { operations }: Run): boolean =>
  operations.some((one) => one.kind === "create-object" && one.object === "function" && one.name === name);

const gone = (signature: readonly string[] | undefined, { steps }: Run): Fate => ({
  kind: "gone",
  note: undefined,
  // The function of a trigger takes no arguments, and can only go after its trigger.
  isLikelyTrigger:
    (signature ?? []).length === 0 &&
    steps.some(({ operation }) => operation.kind === "drop" && operation.object === "trigger"),
});

/** The routine that was seen being made under this name, if it is the one with these arguments. */
function knownRoutine(
  name: string,
  signature: readonly string[] | undefined,
  { situation }: Step,
): Routine | undefined {
  const known = situation.schema.functions.get(name);
  const types = known?.arguments?.map(({ type }) => type);
  return signature === undefined || types?.join() === signature.join() ? known : undefined;
}

const isTriggers = (returns: Returned | undefined): boolean => /^(event_)?trigger$/.test(returns?.type ?? "");

/** Whether a routine takes every call that another took: its arguments, and the same ones left out. */
const accepts = (now: readonly Argument[], before: readonly Argument[]): boolean =>
  now.length >= before.length &&
  now.every(({ type, hasDefault }, index) => {
    const old = before[index];
    return old === undefined ? hasDefault : old.type === type && (hasDefault || !old.hasDefault);
  });

const spelled = (name: string, given: readonly Argument[]): string =>
  `${name}(${given.map(({ type }) => type).join(", ")})`;

function changedResult(before: Returned, now: Returned): string | undefined {
  if (before.type !== now.type) return `it returns ${now.type || "nothing"}, and returned ${before.type || "nothing"}`;
  const lost = Object.entries(before.columns).filter(([name, type]) => now.columns[name] !== type);
  return lost.length === 0 ? undefined : `its result lacks ${lost.map((column) => column.join(" ")).join(", ")}`;
}

const isOurs = ({ kind }: Fate): boolean => kind === "gone" || kind === "changed";

function lost(name: string, fate: Fate): Hit[] {
  if (fate.kind !== "gone" && fate.kind !== "changed") return [];
  if (!fate.isLikelyTrigger) return hit(name, { name }, fate.note);
  const note = "a trigger goes in the same revision: if the function is that trigger's own, no code calls it";
  return [{ subject: { relation: name, name }, note, severity: { oldCode: "warn" } }];
}

const fates = ({ names, signatures }: OperationOf<"drop">, step: Step, run: Run) =>
  names.map((name, index) => ({ name, fate: fateOf(name, signatures?.[index], step, run) }));

const UNSEEN_NOTE = "whether old code finds it as it was could not be told: it was not seen being made";
const unseenHit = (name: string): Hit[] => [
  { subject: { relation: name, name }, note: UNSEEN_NOTE, severity: { oldCode: "warn" } },
];

export const ROUTINE_RULES: readonly Rule[] = [
  {
    id: "drop-routine",
    rows: [64],
    title: "Function or procedure dropped, or made again so that old calls fail",
    hazard: "drop_routine",
    ...breaking,
    severity: { lock: "none", oldCode: "block" },
    why: "The old release still calls it: with other arguments PostgreSQL finds no such function, and with another result the code reads what it does not expect. Functions of triggers are called by no code.",
    recipe: ({ name }) =>
      recipe(
        `# this release: make the new one beside it, under a new name (${name ?? "…"}_v2), and call that`,
        ...later(execute(`DROP FUNCTION ${sqlName(name)}`)).split("\n"),
      ),
    detect: any(
      on("drop", (operation, step, run) =>
        operation.object === "function"
          ? fates(operation, step, run).flatMap(({ name, fate }) => lost(name, fate))
          : [],
      ),
      on("rename", ({ object, name, to }, step, run) =>
        object === "function" ? lost(name, withNote(fateOf(name, undefined, step, run), `it is called ${to} now`)) : [],
      ),
    ),
    examples: {
      fires: [
        { sql: "DROP FUNCTION price(int);" },
        { sql: "DROP FUNCTION price(int); CREATE FUNCTION price(text) RETURNS int LANGUAGE sql AS 'SELECT 1';" },
        {
          preamble: "CREATE FUNCTION price(int) RETURNS int LANGUAGE sql AS 'SELECT 1';",
          sql: "DROP FUNCTION price(int); CREATE FUNCTION price(int) RETURNS text LANGUAGE sql AS 'SELECT 1::text';",
        },
        { sql: "ALTER FUNCTION price(int) RENAME TO cost;" },
      ],
      passes: [
        {
          preamble: "CREATE FUNCTION price(int) RETURNS int LANGUAGE sql AS 'SELECT 1';",
          sql: "DROP FUNCTION price(int); CREATE FUNCTION price(int, text DEFAULT '') RETURNS int LANGUAGE sql AS 'SELECT 2';",
        },
        {
          preamble: "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';",
          sql: "DROP FUNCTION touch();",
        },
        { sql: "CREATE OR REPLACE FUNCTION price(int) RETURNS int LANGUAGE sql AS 'SELECT 2';" },
      ],
    },
  },
  {
    id: "routine-replaced",
    rows: [64],
    title: "Function, view or trigger replaced under old code",
    hazard: "routine_replaced",
    scope: "compat",
    severity: { lock: "none", oldCode: "info" },
    why: "The old release calls the new definition at once.",
    recipe: ({ name }) => `# add ${name ?? "it"} under a new name (…_v2), and drop the old one a release later`,
    detect: any(
      on("create-function", ({ name, replace }, _, run) =>
        replace && !isMadeHere("function", name, run) ? hit(name, { name }) : [],
      ),
      on("create-trigger", ({ table, name, replace }, step) =>
        replace && !isNewTable(step, table) ? hit(table, { name }) : [],
      ),
      on("create-view", (operation, step, run) => {
        const { view, replace } = operation;
        if (isNewTable(step, view) || lostIn(operation, step) !== undefined) return [];
        if (isShapeUnseen(operation, step)) return unseenHit(view);
        const isBridge = isRenamedAway(view, run);
        return replace || isBridge || step.situation.formerShapes.has(view)
          ? hit(view, { name: view }, isBridge ? "it keeps the name of what is renamed" : undefined)
          : [];
      }),
      on("create-table-as", (operation, step) =>
        isShapeUnseen(operation, step) && !isNewTable(step, operation.relation) ? unseenHit(operation.relation) : [],
      ),
      on("drop", (operation, step, run) => {
        const { object, names, on: table } = operation;
        if (object === "function")
          return fates(operation, step, run).flatMap(({ name, fate }) => {
            if (isOurs(fate) || isMadeHere("function", name, run)) return [];
            return fate.kind === "unseen" ? unseenHit(name) : hit(name, { name });
          });
        return object === "trigger" && !isNewTable(step, table ?? "") ? hit(table ?? "", { name: names[0] }) : [];
      }),
    ),
    examples: {
      fires: [
        { sql: "CREATE OR REPLACE FUNCTION touch() RETURNS int LANGUAGE sql AS 'SELECT 1';" },
        { sql: "DROP VIEW adults; CREATE VIEW adults AS SELECT 1 AS one, 2 AS two;" },
        { sql: "ALTER TABLE unseen RENAME TO seen; CREATE VIEW unseen AS SELECT * FROM seen;" },
      ],
      passes: [{ sql: "CREATE FUNCTION touch_v2() RETURNS int LANGUAGE sql AS 'SELECT 1';" }],
    },
  },
];

const withNote = (fate: Fate, note: string): Fate => ("note" in fate ? { ...fate, note: fate.note ?? note } : fate);
