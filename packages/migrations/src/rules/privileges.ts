import type { Run, Step } from "../engine/step.ts";
import { BY_DEFAULT, grantedOn } from "../schema/grants.ts";
import { gives, type Privilege, PUBLIC, schemaOf } from "../sql/decode-grant.ts";
import type { DropKind, Operation, OperationOf } from "../sql/operation.ts";
import { isMadeHere, isNewTable, later } from "./conditions.ts";
import { execute, sqlName } from "./recipe-text.ts";
import { any, type Hit, on, type Rule } from "./rule.ts";

/** What an app does all day; the others are for those who change the schema. */
const DAILY = /^(SELECT|INSERT|UPDATE|DELETE|USAGE|EXECUTE|CONNECT|MEMBER)\b/;

const isRelation = (object: string): boolean => object === "table" || object === "sequence";

/** What a REVOKE takes from those who may have had it. */
function taken(revoke: OperationOf<"grant">, step: Step, run: Run): Privilege[] {
  const { object, names, roles } = revoke;
  const old = names.filter((name) => !isOfThisRevision(object, name, step, run));
  const known = roles.filter((role) => !isMadeHere("role", role, run));
  return old.flatMap((name) => known.flatMap((role) => takenFrom(role, name, revoke, step)));
}

const isOfThisRevision = (object: string, name: string, step: Step, run: Run): boolean =>
  isRelation(object) ? isNewTable(step, name) : isMadeHere(object as DropKind, name, run);

/** Where all that a role was ever granted was seen, it loses no more than that. PUBLIC has nothing on a table by itself. */
function takenFrom(role: string, name: string, revoke: OperationOf<"grant">, { situation }: Step): Privilege[] {
  const { object, privileges, everyIn } = revoke;
  const { schema } = situation;
  const written = privileges.map((privilege): Privilege => ({ object, name, role, privilege }));
  const isSeen = schema.roles.has(role) || (role === PUBLIC && object === "table" && schema.tables.has(name));
  if (!isSeen) return written;
  const names = everyIn ? [...schema.tables.keys()].filter((table) => schemaOf(table) === name) : [name];
  const held = names.flatMap((one) => grantedOn(schema, object, one)).filter((one) => one.role === role);
  const isPartOf = (one: Privilege, whole: Privilege) => one.privilege.startsWith(whole.privilege);
  return everyIn
    ? written.filter((whole) => held.some((one) => isPartOf(one, whole)))
    : held.filter((one) => written.some((whole) => isPartOf(one, whole)));
}

/** What nobody grants again after an operation. */
function lasting(lost: readonly Privilege[], operation: Operation, { operations }: Run): Privilege[] {
  const at = operations.indexOf(operation);
  const grants = operations.filter(
    (one, index): one is OperationOf<"grant"> => index > at && one.kind === "grant" && !one.revokes,
  );
  return lost.filter((one) => !grants.some((grant) => gives(grant, one)));
}

/** Whoever needs it was granted it by name, as it was taken from everybody. */
const isNarrowed = ({ role, ...rest }: Privilege, { operations }: Run): boolean =>
  role === PUBLIC &&
  operations.some((one) => one.kind === "grant" && one.roles.some((name) => gives(one, { ...rest, role: name })));

/** One hit for each object: who loses what. */
function told(lost: readonly Privilege[], why: string, run: Run): Hit[] {
  return [...new Set(lost.map(({ name }) => name))].map((name) => {
    const own = lost.filter((one) => one.name === name);
    const roles = [...new Set(own.map(({ role }) => role))].map((role) => {
      const privileges = own.filter((one) => one.role === role).map(({ privilege }) => privilege);
      return `${role === PUBLIC ? "PUBLIC" : role} loses ${privileges.join(", ")}`;
    });
    const isNeeded = own.some((one) => DAILY.test(one.privilege) && !isNarrowed(one, run));
    return {
      subject: {
        relation: name,
        name: own[0]?.role,
        columns: [...new Set(own.map(({ privilege }) => privilege))],
        type: own[0]?.object,
      },
      note: `${roles.join("; ")}${why}`,
      severity: isNeeded ? undefined : { oldCode: "warn" },
    };
  });
}

/** What was granted on a relation that the revision dropped or renamed; who takes its name has what all have by default. */
function withIt(name: string, operation: Operation, step: Step, run: Run): Hit[] {
  if (!step.situation.formerShapes.has(name)) return [];
  const { schema } = step.situation;
  const standing = grantedOn(schema, "table", BY_DEFAULT);
  const isAnyway = ({ role, privilege }: Privilege) =>
    standing.some((one) => one.role === role && one.privilege === privilege);
  const lost = lasting(grantedOn(schema, "table", name), operation, run).filter((one) => !isAnyway(one));
  const hits = told(lost, ": what is made anew has none of the grants of the one before", run);
  return hits.map((one) => ({ ...one, subject: { ...one.subject, to: one.subject.name } }));
}

function takingSql(
  relation: string,
  role: string | undefined,
  privileges: readonly string[] | undefined,
  object: string | undefined,
): string {
  if (role === undefined) return `DROP ROLE ${sqlName(relation)}`;
  const from = role === PUBLIC ? "PUBLIC" : sqlName(role);
  if (object === "role") return `REVOKE ${sqlName(relation)} FROM ${from}`;
  const kind = object === undefined || object === "table" ? "" : `${object.toUpperCase()} `;
  return `REVOKE ${(privileges ?? ["…"]).join(", ")} ON ${kind}${sqlName(relation)} FROM ${from}`;
}

export const PRIVILEGE_RULES: readonly Rule[] = [
  {
    id: "revoke",
    rows: [],
    title: "Privilege or role taken away while old code may need it",
    hazard: "revoke",
    scope: "compat",
    severity: { lock: "none", oldCode: "block" },
    why: "From the commit on, every statement of the old release that needs the privilege fails: permission denied. A view or table that is dropped and made again has lost all its grants.",
    recipe: ({ relation, name, columns, type, to }) =>
      to === undefined
        ? later(execute(takingSql(relation, name, columns, type)))
        : execute(
            `GRANT ${(columns ?? ["…"]).join(", ")} ON ${sqlName(relation)} TO ${to === PUBLIC ? "PUBLIC" : sqlName(to)}`,
          ),
    detect: any(
      on("grant", (operation, step, run) =>
        operation.revokes && !operation.optionOnly
          ? told(
              lasting(taken(operation, step, run), operation, run),
              operation.everyIn ? ` in all of schema ${operation.names.join(", ")}` : "",
              run,
            )
          : [],
      ),
      on("create-view", (operation, step, run) => withIt(operation.view, operation, step, run)),
      on("create-table-as", (operation, step, run) => withIt(operation.relation, operation, step, run)),
      on("drop", ({ object, names }, _, run) =>
        object === "role"
          ? names
              .filter((name) => !isMadeHere("role", name, run))
              .map((name) => ({ subject: { relation: name }, note: `${name} logs in no more` }))
          : [],
      ),
    ),
    examples: {
      fires: [
        { sql: "REVOKE INSERT ON account FROM app;" },
        { sql: "REVOKE ALL ON account FROM app; GRANT SELECT ON account TO app;" },
        { sql: "REVOKE EXECUTE ON FUNCTION price(int) FROM PUBLIC;" },
        { sql: "REVOKE writers FROM app;" },
        { sql: "DROP ROLE app;" },
        {
          preamble: "CREATE VIEW adults AS SELECT 1 AS one; CREATE ROLE app; GRANT SELECT ON adults TO app;",
          sql: "DROP VIEW adults; CREATE VIEW adults AS SELECT 1 AS one;",
        },
      ],
      passes: [
        { sql: "REVOKE ALL ON account FROM app; GRANT ALL ON account TO app;" },
        {
          sql: "REVOKE SELECT, INSERT ON account FROM app; GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO app;",
        },
        { sql: "CREATE TABLE note (id int); REVOKE ALL ON note FROM app;" },
        { sql: "REVOKE ALL ON account FROM PUBLIC;" },
        {
          preamble: "CREATE TABLE account (id int); CREATE ROLE app; GRANT SELECT ON account TO app;",
          sql: "REVOKE INSERT ON account FROM app;",
        },
        {
          preamble: "CREATE VIEW adults AS SELECT 1 AS one; CREATE ROLE app; GRANT SELECT ON adults TO app;",
          sql: "DROP VIEW adults; CREATE VIEW adults AS SELECT 1 AS one; GRANT SELECT ON adults TO app;",
        },
        {
          preamble:
            "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app; CREATE VIEW adults AS SELECT 1 AS one; GRANT SELECT ON adults TO app;",
          sql: "DROP VIEW adults; CREATE VIEW adults AS SELECT 1 AS one;",
        },
        {
          preamble: "CREATE TABLE account (id int, age int); CREATE ROLE app; GRANT SELECT (id) ON account TO app;",
          sql: "REVOKE SELECT ON account FROM app; GRANT SELECT (id, age) ON account TO app;",
        },
      ],
    },
  },
];
