import type { Routine } from "../statement.ts";
import {
  bodies,
  bodyOf,
  flag,
  items,
  type Node,
  nameOfParts,
  node,
  qualified,
  relationName,
  strings,
  tagged,
  text,
} from "./ast.ts";
import { decodeDefaultPrivileges, decodeGrant, decodeGrantRole } from "./decode-grant.ts";
import { decodeDrop, decodeRename, drop, objectParts, RENAMES } from "./decode-objects.ts";
import { decodeAlterFunction, decodeCreateFunction } from "./decode-routine.ts";
import { decodeCall, decodeCopyOut, decodeRowChanges, decodeSelect, readsOf } from "./decode-rows.ts";
import { decodeAlterTable, decodeCreateTable } from "./decode-table.ts";
import { decodeAlterDomain, decodeAlterEnum, decodeCreateDomain } from "./decode-types.ts";
import { decodeExpression } from "./expression.ts";
import { lookupsOf } from "./lookups.ts";
import { type DropKind, EVERY_TABLE, type Operation, type OperationOf } from "./operation.ts";
import { columnsOf, isUpdatable } from "./query-columns.ts";
import { QUIET, STANDING_ALONE } from "./quiet-statements.ts";

/**
 * What a parse tree does, with what its `routine` holds: a DO block runs it, CREATE FUNCTION keeps it for later. A tree
 * of an unknown shape is never an error: it is `unseen`.
 */
export function decodeStatement(ast: unknown, routine?: Routine): Operation[] {
  const found = tagged(ast);
  if (found === undefined) return [];
  const [tag, body] = found;
  if (tag === "DoStmt") return [...doneBy(routine), { kind: "do" }];
  if (tag === "CreateFunctionStmt") return [decodeCreateFunction(body, routine?.inner ?? [], doneBy(routine))];
  return DECODERS[tag]?.(body) ?? [undecoded(tag)];
}

function doneBy(routine: Routine | undefined): Operation[] {
  if (routine === undefined) return [];
  const done = routine.inner.flatMap((tree) => decodeStatement(tree));
  if (routine.hidden === 0) return done;
  const count = routine.hidden === 1 ? "1 statement is" : `${routine.hidden} statements are`;
  return [...done, { kind: "unseen", reason: `${count} put together as it runs, and could not be read whole` }];
}

const undecoded = (tag: string): Operation =>
  QUIET.has(tag) || STANDING_ALONE.has(tag)
    ? { kind: "other", tag }
    : { kind: "unseen", reason: `what ${tag.replace(/Stmt$/, "")} does is not known to the gate` };

type Decoder = (body: Node) => Operation[] | undefined;

const DECODERS: Readonly<Record<string, Decoder>> = {
  CreateSchemaStmt: decodeCreateSchema,
  CreateStmt: decodeCreateTable,
  AlterTableStmt: decodeAlterTable,
  CreateTableAsStmt: (body) => [
    {
      kind: "create-table-as",
      relation: relationName(node(node(body, "into"), "rel")),
      view: text(body, "objtype") === "OBJECT_MATVIEW",
      reads: readsOf(body.query),
      temporary: text(node(node(body, "into"), "rel"), "relpersistence") === "t",
      withData: !flag(node(body, "into"), "skipData"),
      columns: columnsOf(body.query, strings(items(node(body, "into"), "colNames"))),
      lookups: lookupsOf(body.query),
      literals: decodeExpression(body.query).literals,
    },
  ],
  IndexStmt: (body) => [decodeIndex(body)],
  DropStmt: decodeDrop,
  DropOwnedStmt: (body) => [
    drop(
      "owned",
      bodies(items(body, "roles"), "RoleSpec").map((role) => text(role, "rolename") ?? ""),
      body,
    ),
  ],
  DropdbStmt: (body) => [drop("database", [text(body, "dbname") ?? ""], body)],
  RenameStmt: decodeRename,
  AlterObjectSchemaStmt: (body) => {
    const object = RENAMES[text(body, "objectType") ?? ""] ?? "other";
    const relation = node(body, "relation");
    const parts = relation === undefined ? objectParts(body.object) : [text(relation, "relname") ?? ""];
    const name = relation === undefined ? nameOfParts(parts) : relationName(relation);
    const to = qualified(text(body, "newschema"), parts.at(-1) ?? "");
    return [{ kind: "rename", object, name, from: name, to }];
  },
  ReindexStmt: decodeReindex,
  GrantStmt: decodeGrant,
  GrantRoleStmt: decodeGrantRole,
  AlterDefaultPrivilegesStmt: decodeDefaultPrivileges,
  CreateRoleStmt: (body) => [made("role", text(body, "role") ?? "")],
  DropRoleStmt: (body) => [
    drop(
      "role",
      bodies(items(body, "roles"), "RoleSpec").map((role) => text(role, "rolename") ?? ""),
      body,
    ),
  ],
  CreateEnumStmt: (body) => [
    { kind: "create-enum", type: nameOfParts(strings(items(body, "typeName"))), values: strings(items(body, "vals")) },
  ],
  AlterEnumStmt: decodeAlterEnum,
  CreateDomainStmt: (body) => [decodeCreateDomain(body)],
  AlterDomainStmt: decodeAlterDomain,
  CompositeTypeStmt: (body) => [made("type", relationName(node(body, "typevar")))],
  CreateRangeStmt: (body) => [made("type", nameOfParts(strings(items(body, "typeName"))))],
  AlterSeqStmt: (body) => [
    { kind: "touch", tables: [relationName(node(body, "sequence"))], mode: "ShareRowExclusiveLock" },
  ],
  AlterTableMoveAllStmt: decodeMoveAll,
  AlterExtensionStmt: (body) => [
    {
      kind: "update-extension",
      name: text(body, "extname") ?? "",
      version: text(bodyOf(optionOf(body, "new_version")?.arg, "String"), "sval"),
    },
  ],
  ReassignOwnedStmt: () => [{ kind: "touch", tables: [EVERY_TABLE], mode: "AccessExclusiveLock" }],
  SecLabelStmt: decodeComment,
  CreateForeignTableStmt: (body) => decodeCreateTable(node(body, "base") ?? {}),
  DefineStmt: (body) =>
    text(body, "kind") === "OBJECT_AGGREGATE"
      ? [made("function", nameOfParts(strings(items(body, "defnames"))))]
      : undefined,
  CreateSeqStmt: (body) => [made("sequence", relationName(node(body, "sequence")))],
  VacuumStmt: decodeVacuum,
  ClusterStmt: (body) => [
    { kind: "cluster", table: node(body, "relation") === undefined ? undefined : relationName(node(body, "relation")) },
  ],
  RefreshMatViewStmt: (body) => [
    {
      kind: "refresh-view",
      view: relationName(node(body, "relation")),
      concurrently: flag(body, "concurrent"),
      withData: !flag(body, "skipData"),
    },
  ],
  TruncateStmt: (body) => [
    {
      kind: "truncate",
      tables: relations(items(body, "relations")),
      alone: relations(items(body, "relations").filter((item) => bodyOf(item, "RangeVar")?.inh !== true)),
      cascade: text(body, "behavior") === "DROP_CASCADE",
    },
  ],
  InsertStmt: (body) => decodeRowChanges("insert", body),
  UpdateStmt: (body) => decodeRowChanges("update", body),
  DeleteStmt: (body) => decodeRowChanges("delete", body),
  MergeStmt: (body) => decodeRowChanges("merge", body),
  CopyStmt: (body) => (flag(body, "is_from") ? decodeRowChanges("copy", body) : decodeCopyOut(body)),
  SelectStmt: decodeSelect,
  PrepareStmt: (body) => [
    { kind: "prepare", name: `statement ${text(body, "name") ?? ""}`, operations: decodeStatement(body.query) },
  ],
  ExecuteStmt: (body) => [{ kind: "run-prepared", name: `statement ${text(body, "name") ?? ""}` }],
  DeclareCursorStmt: (body) => [
    { kind: "prepare", name: `cursor ${text(body, "portalname") ?? ""}`, operations: decodeStatement(body.query) },
  ],
  FetchStmt: (body) => [{ kind: "run-prepared", name: `cursor ${text(body, "portalname") ?? ""}` }],
  CallStmt: (body) => decodeCall(node(body, "funccall")),
  ExplainStmt: (body) => (isOn(body, "options", "analyze") ? decodeStatement(body.query) : undefined),
  TransactionStmt: decodeTransaction,
  VariableSetStmt: decodeSet,
  DiscardStmt: (body) =>
    text(body, "target") === "DISCARD_ALL" ? [{ kind: "other", tag: "DiscardStmt all" }, RESET_ALL] : undefined,
  AlterDatabaseStmt: (body) => (hasOption(body, "tablespace") ? [alone("AlterDatabaseStmt tablespace")] : undefined),
  CreateSubscriptionStmt: (body) =>
    isOff(body, "connect") || isOff(body, "create_slot")
      ? [{ kind: "other", tag: "AlterSubscriptionStmt" }]
      : undefined,
  AlterSubscriptionStmt: (body) =>
    /REFRESH|PUBLICATION/.test(text(body, "kind") ?? "") && !isOff(body, "refresh")
      ? [alone("AlterSubscriptionStmt refresh")]
      : undefined,
  LockStmt: (body) => [
    {
      kind: "lock-table",
      tables: relations(items(body, "relations")),
      mode: typeof body.mode === "number" ? body.mode : 8,
    },
  ],
  CreateTrigStmt: (body) => [
    onTable("create-trigger", text(body, "trigname"), node(body, "relation"), flag(body, "replace")),
  ],
  RuleStmt: (body) => [onTable("create-rule", text(body, "rulename"), node(body, "relation"), flag(body, "replace"))],
  CreatePolicyStmt: (body) => [onTable("create-policy", text(body, "policy_name"), node(body, "table"), false)],
  AlterPolicyStmt: (body) => [onTable("create-policy", text(body, "policy_name"), node(body, "table"), true)],
  ViewStmt: (body) => [
    {
      kind: "create-view",
      view: relationName(node(body, "view")),
      replace: flag(body, "replace"),
      updatable: isUpdatable(body.query),
      columns: columnsOf(body.query, strings(items(body, "aliases"))),
      reads: readsOf(body.query),
      literals: decodeExpression(body.query).literals,
    },
  ],
  CommentStmt: decodeComment,
  CreateStatsStmt: (body) => [{ kind: "touch", tables: relations(items(body, "relations")) }],
  CreatePublicationStmt: (body) => [{ kind: "touch", tables: publishedTables(body) }],
  AlterPublicationStmt: (body) => [{ kind: "touch", tables: publishedTables(body) }],
  AlterFunctionStmt: (body) => [decodeAlterFunction(body)],
};

const alone = (tag: string): Operation => ({ kind: "other", tag });

const optionOf = (body: Node, name: string): Node | undefined =>
  bodies(items(body, "options"), "DefElem").find((option) => text(option, "defname") === name);

const hasOption = (body: Node, name: string): boolean => optionOf(body, name) !== undefined;

const isOff = (body: Node, name: string): boolean => hasOption(body, name) && !isOn(body, "options", name);

function decodeMoveAll(body: Node): Operation[] {
  const action = { kind: "set-tablespace", tablespace: text(body, "new_tablespacename") ?? "" } as const;
  if (text(body, "objtype") !== "OBJECT_TABLE") return [{ kind: "touch", tables: [EVERY_TABLE] }];
  const table = { table: EVERY_TABLE, action, together: [action], isPart: false, only: true, target: "table" } as const;
  return [{ kind: "alter-table", ...table }];
}

const relations = (values: readonly unknown[]): string[] =>
  values.flatMap((value) => {
    const rangeVar = bodyOf(value, "RangeVar");
    return rangeVar === undefined ? [] : [relationName(rangeVar)];
  });

function decodeComment(body: Node): Operation[] {
  const object = text(body, "objtype") ?? "";
  const parts = strings(items(bodyOf(body.object, "List"), "items"));
  const owner = /^OBJECT_(COLUMN|TABCONSTRAINT|TRIGGER|RULE|POLICY)$/.test(object) ? parts.slice(0, -1) : parts;
  const isRelation = owner !== parts || /^OBJECT_(TABLE|VIEW|MATVIEW|FOREIGN_TABLE)$/.test(object);
  return [{ kind: "touch", tables: isRelation && owner.length > 0 ? [nameOfParts(owner)] : [] }];
}

const publishedTables = (body: Node): string[] =>
  bodies(items(body, "pubobjects"), "PublicationObjSpec").flatMap((object) => {
    const relation = node(node(object, "pubtable"), "relation");
    return relation === undefined ? [] : [relationName(relation)];
  });

const onTable = (
  kind: "create-trigger" | "create-rule" | "create-policy",
  name: string | undefined,
  relation: Node | undefined,
  replace: boolean,
): Operation => ({ kind, name: name ?? "", table: relationName(relation), replace });

function decodeIndex(body: Node): Operation {
  const elements = bodies(items(body, "indexParams"), "IndexElem");
  const computed = [...elements.map((element) => element.expr), body.whereClause].filter((part) => part !== undefined);
  const columns = elements.flatMap((element) => text(element, "name") ?? []);
  const included = items(body, "indexIncludingParams").flatMap(
    (element) => text(bodyOf(element, "IndexElem"), "name") ?? [],
  );
  return {
    kind: "create-index",
    index: text(body, "idxname"),
    table: relationName(node(body, "relation")),
    columns,
    mentions: [...columns, ...included, ...computed.flatMap((expression) => decodeExpression(expression).columns)],
    computed: computed.length > 0,
    unique: flag(body, "unique"),
    concurrently: flag(body, "concurrent"),
    ifNotExists: flag(body, "if_not_exists"),
    only: node(body, "relation")?.inh !== true,
    literals: decodeExpression(computed).literals,
  };
}

const made = (object: DropKind, name: string): Operation => ({ kind: "create-object", object, name });

/** CREATE SCHEMA may make what is in it in the same breath; names without a schema are of the new one. */
function decodeCreateSchema(body: Node): Operation[] {
  const schema = text(body, "schemaname") ?? text(node(body, "authrole"), "rolename") ?? "";
  return [
    made("schema", schema),
    ...items(body, "schemaElts").flatMap((item) => decodeStatement(within(schema, item))),
  ];
}

function within(schema: string, item: unknown): unknown {
  const found = tagged(item);
  if (found === undefined) return item;
  const [tag, body] = found;
  const names = ["relation", "view", "sequence"].flatMap((key) => {
    const name = node(body, key);
    return name === undefined ? [] : [[key, { schemaname: schema, ...name }] as const];
  });
  return { [tag]: { ...body, ...Object.fromEntries(names) } };
}

function decodeReindex(body: Node): Operation[] {
  const kind = (text(body, "kind") ?? "").replace("REINDEX_OBJECT_", "").toLowerCase();
  const object = kind === "table" || kind === "index" || kind === "schema" || kind === "system" ? kind : "database";
  const relation = node(body, "relation");
  return [
    {
      kind: "reindex",
      object,
      name: relation === undefined ? (text(body, "name") ?? "") : relationName(relation),
      concurrently: isOn(body, "params", "concurrently"),
    },
  ];
}

/** An option of a parenthesised list: on when written alone, off with `false`, `off` or 0. */
function isOn(body: Node, list: string, name: string): boolean {
  const option = items(body, list)
    .map((item) => bodyOf(item, "DefElem"))
    .find((item) => text(item, "defname") === name);
  if (option === undefined) return false;
  const written = option.arg;
  if (written === undefined) return true;
  const value = text(bodyOf(written, "String"), "sval")?.toLowerCase();
  return value === undefined ? bodyOf(written, "Integer")?.ival === 1 : value === "true" || value === "on";
}

function decodeVacuum(body: Node): Operation[] | undefined {
  const tables = items(body, "rels").map((item) => relationName(node(bodyOf(item, "VacuumRelation"), "relation")));
  if (!flag(body, "is_vacuumcmd")) return [{ kind: "touch", tables }];
  return [{ kind: "vacuum", full: isOn(body, "options", "full"), tables }];
}

const isPrepared = (kind: string): boolean => kind === "COMMIT_PREPARED" || kind === "ROLLBACK_PREPARED";

const TRANSACTION_ACTIONS: Readonly<Record<string, OperationOf<"transaction">["action"]>> = {
  BEGIN: "begin",
  START: "begin",
  COMMIT: "commit",
  PREPARE: "commit",
  ROLLBACK: "rollback",
  SAVEPOINT: "savepoint",
  RELEASE: "release",
  ROLLBACK_TO: "rollback-to",
};

function decodeTransaction(body: Node): Operation[] {
  const kind = (text(body, "kind") ?? "").replace("TRANS_STMT_", "");
  if (isPrepared(kind)) return [alone("TransactionStmt prepared")];
  const action = TRANSACTION_ACTIONS[kind];
  if (action === undefined) return [];
  const name = text(body, "savepoint_name") ?? "";
  const next: Operation[] = flag(body, "chain") ? [{ kind: "transaction", action: "begin", name }] : [];
  return [{ kind: "transaction", action, name }, ...next];
}

const RESET_ALL: Operation = { kind: "set", name: "*", value: undefined, local: false };

function decodeSet(body: Node): Operation[] {
  if (text(body, "kind") === "VAR_RESET_ALL") return [RESET_ALL];
  const [first] = items(body, "args");
  const constant = bodyOf(first, "A_Const");
  const value =
    text(node(constant, "sval"), "sval") ?? numberText(node(constant, "ival")?.ival ?? (node(constant, "ival") && 0));
  const name = (text(body, "name") ?? "").toLowerCase();
  return [
    {
      kind: "set",
      name,
      value: text(body, "kind") === "VAR_SET_VALUE" ? value : undefined,
      local: flag(body, "is_local"),
    },
  ];
}

const numberText = (value: unknown): string | undefined => (typeof value === "number" ? String(value) : undefined);
