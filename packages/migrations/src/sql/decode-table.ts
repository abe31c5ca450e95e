import { bodies, bodyOf, flag, items, type Node, node, relationName, strings, text } from "./ast.ts";
import { castChain, decodeExpression } from "./expression.ts";
import type {
  ColumnDefinition,
  ConstraintDefinition,
  ConstraintKind,
  Like,
  Operation,
  TableAction,
} from "./operation.ts";
import { decodeType, isSerial } from "./type-name.ts";

export function decodeCreateTable(body: Node): Operation[] {
  const elements = items(body, "tableElts");
  return [
    {
      kind: "create-table",
      table: relationName(node(body, "relation")),
      columns: elements.flatMap((element) => decodeColumn(bodyOf(element, "ColumnDef")) ?? []),
      constraints: elements.flatMap((element) => decodeConstraint(bodyOf(element, "Constraint")) ?? []),
      parents: items(body, "inhRelations").map((parent) => relationName(bodyOf(parent, "RangeVar"))),
      isPartition: node(body, "partbound") !== undefined,
      partitioned: node(body, "partspec") !== undefined,
      partitionKey: bodies(items(node(body, "partspec"), "partParams"), "PartitionElem").map(
        (key) => text(key, "name") ?? "",
      ),
      isDefaultPartition: flag(node(body, "partbound"), "is_default"),
      temporary: text(node(body, "relation"), "relpersistence") === "t",
      unlogged: text(node(body, "relation"), "relpersistence") === "u",
      ifNotExists: flag(body, "if_not_exists"),
      likes: elements.flatMap((element) => {
        const like = bodyOf(element, "TableLikeClause");
        return like === undefined ? [] : [decodeLike(like)];
      }),
    },
  ];
}

/** CREATE_TABLE_LIKE_… of parsenodes.h. */
const LIKE_OPTIONS = { constraints: 1 << 2, defaults: 1 << 3, indexes: 1 << 6 } as const;

function decodeLike(body: Node): Like {
  const options = typeof body.options === "number" ? body.options : 0;
  return {
    table: relationName(node(body, "relation")),
    constraints: (options & LIKE_OPTIONS.constraints) !== 0,
    defaults: (options & LIKE_OPTIONS.defaults) !== 0,
    indexes: (options & LIKE_OPTIONS.indexes) !== 0,
  };
}

export function decodeColumn(body: Node | undefined): ColumnDefinition | undefined {
  if (body === undefined) return undefined;
  const name = text(body, "colname") ?? "";
  const type = decodeType(node(body, "typeName"));
  const marks = bodies(items(body, "constraints"), "Constraint");
  const marked = (kind: string) => marks.find((mark) => text(mark, "contype") === kind);
  const written = marked("CONSTR_DEFAULT")?.raw_expr;
  const generated = marked("CONSTR_GENERATED");
  const identity = marked("CONSTR_IDENTITY") !== undefined;
  return {
    name,
    type,
    notNull:
      marked("CONSTR_NOTNULL") !== undefined || marked("CONSTR_PRIMARY") !== undefined || identity || isSerial(type),
    default: written === undefined ? undefined : decodeExpression(written),
    identity,
    generated: generated === undefined ? undefined : text(generated, "generated_kind") === "v" ? "virtual" : "stored",
    collation: collationOf(body),
    constraints: marks.flatMap((mark) => ownConstraint(mark, name)),
  };
}

function ownConstraint(mark: Node, column: string): ConstraintDefinition[] {
  const decoded = decodeConstraint(mark);
  if (decoded === undefined || decoded.kind === "not-null") return [];
  return [{ ...decoded, columns: [column] }];
}

const collationOf = (body: Node | undefined): string | undefined =>
  strings(items(node(body, "collClause"), "collname")).at(-1);

const KINDS: Readonly<Record<string, ConstraintKind>> = {
  CONSTR_CHECK: "check",
  CONSTR_UNIQUE: "unique",
  CONSTR_PRIMARY: "primary",
  CONSTR_FOREIGN: "foreign",
  CONSTR_EXCLUSION: "exclusion",
  CONSTR_NOTNULL: "not-null",
};

export function decodeConstraint(body: Node | undefined): ConstraintDefinition | undefined {
  const kind = KINDS[text(body, "contype") ?? ""];
  if (body === undefined || kind === undefined) return undefined;
  const raw = body.raw_expr;
  const keys = strings([...items(body, "keys"), ...items(body, "fk_attrs")]);
  const expression = raw === undefined ? undefined : decodeExpression(raw);
  return {
    kind,
    name: text(body, "conname"),
    columns: keys.length > 0 ? keys : (expression?.columns ?? excluded(body)),
    // NOT ENFORCED (18) constraints are never checked, so nothing is scanned for them either.
    notValid: flag(body, "skip_validation") || !isEnforced(kind, body),
    enforced: isEnforced(kind, body),
    expression,
    references: kind === "foreign" ? relationName(node(body, "pktable")) : undefined,
    referencedColumns: strings(items(body, "pk_attrs")),
    usingIndex: text(body, "indexname"),
  };
}

const isEnforced = (kind: ConstraintKind, body: Node): boolean =>
  (kind !== "check" && kind !== "foreign") || flag(body, "is_enforced");

const excluded = (body: Node): string[] =>
  items(body, "exclusions").flatMap((pair) => {
    const [element] = items(bodyOf(pair, "List"), "items");
    return text(bodyOf(element, "IndexElem"), "name") ?? [];
  });

export function decodeAlterTable(body: Node): Operation[] {
  const table = relationName(node(body, "relation"));
  const objtype = text(body, "objtype");
  if (objtype === "OBJECT_TYPE") return decodeAlterComposite(table, body);
  const target = TARGETS[objtype ?? ""] ?? "other";
  const only = node(body, "relation")?.inh !== true;
  const actions = items(body, "cmds").flatMap((command) => decodeAction(bodyOf(command, "AlterTableCmd")) ?? []);
  const sorts = [...new Map(actions.map((action) => [sortOf(action), action])).values()];
  return inPasses(actions).map((action) => ({
    kind: "alter-table",
    table,
    action,
    together: sorts,
    isPart: actions.length > 1,
    only,
    target,
  }));
}

const ATTRIBUTE_CHANGES = { AT_DropColumn: "drop", AT_AlterColumnType: "type" } as const;

function decodeAlterComposite(type: string, body: Node): Operation[] {
  const changes = bodies(items(body, "cmds"), "AlterTableCmd").flatMap((command): Operation[] => {
    const change = ATTRIBUTE_CHANGES[text(command, "subtype") as keyof typeof ATTRIBUTE_CHANGES];
    const attribute = text(command, "name") ?? "";
    return change === undefined ? [] : [{ kind: "change-attribute", type, attribute, change }];
  });
  return changes.length > 0 ? changes : [{ kind: "other", tag: "AlterTypeStmt" }];
}

const TARGETS: Readonly<Record<string, "table" | "view" | "index">> = {
  OBJECT_TABLE: "table",
  OBJECT_FOREIGN_TABLE: "table",
  OBJECT_VIEW: "view",
  OBJECT_MATVIEW: "view",
  OBJECT_INDEX: "index",
};

/** What decides the lock of an action. */
function sortOf(action: TableAction): string {
  if (action.kind === "add-constraint") return `${action.kind} ${action.constraint.kind}`;
  return action.kind === "detach-partition" ? `${action.kind} ${action.concurrently} ${action.finalize}` : action.kind;
}

// ALTER TABLE works in passes, whatever the order of its words (tablecmds.c, AlterTablePass).
const PASSES: readonly TableAction["kind"][][] = [
  ["drop-column", "drop-constraint"],
  ["alter-type"],
  ["add-column"],
  ["set-expression", "set-default", "drop-default", "add-identity", "set-not-null", "drop-not-null"],
  ["add-constraint"],
];

function inPasses(actions: readonly TableAction[]): TableAction[] {
  const passOf = (action: TableAction): number => {
    const pass = PASSES.findIndex((kinds) => kinds.includes(action.kind));
    return pass < 0 ? PASSES.length : pass;
  };
  return actions
    .map((action, index) => ({ action, index }))
    .sort((a, b) => passOf(a.action) - passOf(b.action) || a.index - b.index)
    .map(({ action }) => action);
}

type Decode = (body: Node, column: string) => TableAction | undefined;

const light: Decode = () => ({ kind: "light" });
const rowSecurity: Decode = () => ({ kind: "row-security" });
const triggerState: Decode = () => ({ kind: "trigger-state" });

const ACTIONS: Readonly<Record<string, Decode>> = {
  AT_AddColumn: (body) => {
    const column = decodeColumn(bodyOf(body.def, "ColumnDef"));
    return column && { kind: "add-column", column, ifNotExists: flag(body, "missing_ok") };
  },
  AT_DropColumn: (body, column) => ({ kind: "drop-column", column, cascade: cascades(body) }),
  AT_AlterColumnType: (body, column) => decodeTypeChange(body, column),
  AT_SetNotNull: (_, column) => ({ kind: "set-not-null", column }),
  AT_DropNotNull: (_, column) => ({ kind: "drop-not-null", column }),
  AT_ColumnDefault: (body, column) => decodeDefault(body.def, column),
  AT_AddIdentity: (_, column) => ({ kind: "add-identity", column }),
  AT_DropIdentity: (_, column) => ({ kind: "drop-identity", column }),
  AT_DropExpression: (_, column) => ({ kind: "drop-expression", column }),
  AT_SetExpression: (_, column) => ({ kind: "set-expression", column }),
  AT_AddConstraint: (body) => {
    const constraint = decodeConstraint(bodyOf(body.def, "Constraint"));
    return constraint && { kind: "add-constraint", constraint };
  },
  AT_DropConstraint: (body, constraint) => ({ kind: "drop-constraint", constraint, cascade: cascades(body) }),
  AT_ValidateConstraint: (_, constraint) => ({ kind: "validate-constraint", constraint }),
  AT_SetLogged: () => ({ kind: "set-persistence", logged: true }),
  AT_SetUnLogged: () => ({ kind: "set-persistence", logged: false }),
  AT_SetTableSpace: (_, tablespace) => ({ kind: "set-tablespace", tablespace }),
  AT_SetAccessMethod: (_, method) => ({ kind: "set-access-method", method }),
  AT_AttachPartition: (body) => ({
    kind: "attach-partition",
    partition: partitionOf(body),
    isDefault: isDefaultBound(body),
  }),
  AT_DetachPartition: (body) => ({
    kind: "detach-partition",
    partition: partitionOf(body),
    concurrently: flag(bodyOf(body.def, "PartitionCmd"), "concurrent"),
    finalize: false,
  }),
  AT_DetachPartitionFinalize: (body) => ({
    kind: "detach-partition",
    partition: partitionOf(body),
    concurrently: false,
    finalize: true,
  }),
  AT_EnableRowSecurity: rowSecurity,
  AT_DisableRowSecurity: rowSecurity,
  AT_ForceRowSecurity: rowSecurity,
  AT_NoForceRowSecurity: rowSecurity,
  AT_SetStatistics: light,
  AT_ClusterOn: light,
  AT_DropCluster: light,
  AT_SetRelOptions: light,
  AT_ResetRelOptions: light,
  AT_SetOptions: light,
  AT_ResetOptions: light,
};

function decodeAction(body: Node | undefined): TableAction | undefined {
  const subtype = text(body, "subtype") ?? "";
  if (body === undefined) return undefined;
  const decode = /^AT_(Enable|Disable).*(Trig|Rule)/.test(subtype) ? triggerState : ACTIONS[subtype];
  return decode?.(body, text(body, "name") ?? "") ?? { kind: "exclusive" };
}

/** SET DEFAULT NULL is DROP DEFAULT in other words. */
function decodeDefault(raw: unknown, column: string): TableAction {
  const expression = raw === undefined ? undefined : decodeExpression(raw);
  return expression === undefined || expression.isNull
    ? { kind: "drop-default", column }
    : { kind: "set-default", column, default: expression };
}

const cascades = (body: Node): boolean => text(body, "behavior") === "DROP_CASCADE";

const partitionOf = (body: Node): string => relationName(node(bodyOf(body.def, "PartitionCmd"), "name"));

const isDefaultBound = (body: Node): boolean => flag(node(bodyOf(body.def, "PartitionCmd"), "bound"), "is_default");

function decodeTypeChange(body: Node, column: string): TableAction {
  const definition = bodyOf(body.def, "ColumnDef");
  const expression = definition?.raw_default;
  const chain = expression === undefined ? undefined : castChain(expression);
  const plain = chain?.column === column ? chain.types.map(decodeType) : undefined;
  return {
    kind: "alter-type",
    column,
    type: decodeType(node(definition, "typeName")),
    collation: collationOf(definition),
    using: expression === undefined ? undefined : (plain ?? "computed"),
  };
}
