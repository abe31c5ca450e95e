import type { LockMode } from "../trace.ts";
import type { Expression } from "./expression.ts";
import type { Lookups } from "./lookups.ts";
import type { QueryColumn } from "./query-columns.ts";
import type { TypeName } from "./type-name.ts";

export type Generated = "stored" | "virtual" | undefined;

export interface ColumnDefinition {
  readonly name: string;
  readonly type: TypeName;
  readonly notNull: boolean;
  readonly default: Expression | undefined;
  readonly identity: boolean;
  readonly generated: Generated;
  readonly collation: string | undefined;
  /** Constraints written on the column itself. */
  readonly constraints: readonly ConstraintDefinition[];
}

export type ConstraintKind = "check" | "unique" | "primary" | "foreign" | "exclusion" | "not-null";

export interface ConstraintDefinition {
  readonly kind: ConstraintKind;
  readonly name: string | undefined;
  readonly columns: readonly string[];
  readonly notValid: boolean;
  /** NOT ENFORCED (18): it never holds for sure. */
  readonly enforced: boolean;
  readonly expression: Expression | undefined;
  readonly references: string | undefined;
  /** Columns that a foreign key points to; empty for the primary key. */
  readonly referencedColumns: readonly string[];
  readonly usingIndex: string | undefined;
}

export type TableAction =
  | { readonly kind: "add-column"; readonly column: ColumnDefinition; readonly ifNotExists: boolean }
  | { readonly kind: "drop-column"; readonly column: string; readonly cascade: boolean }
  | {
      readonly kind: "alter-type";
      readonly column: string;
      readonly type: TypeName;
      readonly collation: string | undefined;
      /** Types a plain `USING column::a::b` passes through; `"computed"` for any other USING expression. */
      readonly using: readonly TypeName[] | "computed" | undefined;
    }
  | { readonly kind: "set-not-null" | "drop-not-null"; readonly column: string }
  | { readonly kind: "set-default"; readonly column: string; readonly default: Expression }
  | { readonly kind: "drop-default"; readonly column: string }
  | { readonly kind: "add-identity" | "drop-identity" | "drop-expression" | "set-expression"; readonly column: string }
  | { readonly kind: "add-constraint"; readonly constraint: ConstraintDefinition }
  | { readonly kind: "drop-constraint"; readonly constraint: string; readonly cascade: boolean }
  | { readonly kind: "validate-constraint"; readonly constraint: string }
  | { readonly kind: "set-persistence"; readonly logged: boolean }
  | { readonly kind: "set-tablespace"; readonly tablespace: string }
  | { readonly kind: "set-access-method"; readonly method: string }
  | { readonly kind: "attach-partition"; readonly partition: string; readonly isDefault: boolean }
  | {
      readonly kind: "detach-partition";
      readonly partition: string;
      readonly concurrently: boolean;
      readonly finalize: boolean;
    }
  | { readonly kind: "row-security" | "trigger-state" | "light" | "exclusive" };

/** An argument that a caller of a routine gives. */
export interface Argument {
  /** As people write it, without a size. */
  readonly type: string;
  readonly hasDefault: boolean;
}

/** What a routine gives back. */
export interface Returned {
  /** `integer`, `setof record`, `trigger`; empty for a procedure. */
  readonly type: string;
  /** Names and types of its OUT arguments, or of the columns of RETURNS TABLE. */
  readonly columns: Readonly<Record<string, string>>;
}

/** LIKE of a CREATE TABLE: columns, their types and NOT NULL always come along. */
export interface Like {
  readonly table: string;
  readonly constraints: boolean;
  readonly defaults: boolean;
  readonly indexes: boolean;
}

/** One thing a statement does, in this project's words. */
export type Operation =
  | {
      readonly kind: "create-table";
      readonly table: string;
      readonly columns: readonly ColumnDefinition[];
      readonly constraints: readonly ConstraintDefinition[];
      readonly parents: readonly string[];
      readonly isPartition: boolean;
      readonly partitioned: boolean;
      readonly partitionKey: readonly string[];
      readonly isDefaultPartition: boolean;
      readonly temporary: boolean;
      readonly unlogged: boolean;
      readonly ifNotExists: boolean;
      readonly likes: readonly Like[];
    }
  | {
      readonly kind: "create-table-as";
      readonly relation: string;
      readonly view: boolean;
      readonly reads: readonly string[];
      readonly temporary: boolean;
      readonly withData: boolean;
      /** `undefined` where the text does not tell. */
      readonly columns: readonly QueryColumn[] | undefined;
      readonly lookups: Lookups;
      readonly literals: readonly string[];
    }
  | {
      readonly kind: "alter-table";
      readonly table: string;
      readonly action: TableAction;
      /** One action of each sort in the statement: the strongest lock among them is taken for all. */
      readonly together: readonly TableAction[];
      /** The statement has other actions too. */
      readonly isPart: boolean;
      /** Partitions and tables that inherit are left alone. */
      readonly only: boolean;
      readonly target: "table" | "view" | "index" | "other";
    }
  | {
      readonly kind: "create-index";
      readonly index: string | undefined;
      readonly table: string;
      readonly columns: readonly string[];
      /** Every column the index depends on, in expressions and WHERE too. */
      readonly mentions: readonly string[];
      /** An index with expressions or WHERE is always rebuilt when one of its columns changes type. */
      readonly computed: boolean;
      readonly unique: boolean;
      readonly concurrently: boolean;
      readonly ifNotExists: boolean;
      readonly only: boolean;
      readonly literals: readonly string[];
    }
  | {
      readonly kind: "drop";
      readonly object: DropKind;
      readonly names: readonly string[];
      readonly on: string | undefined;
      /** Of routines, beside each name: the types of its arguments, `undefined` where none are written. */
      readonly signatures?: readonly (readonly string[] | undefined)[];
      readonly cascade: boolean;
      readonly concurrently: boolean;
      readonly ifExists: boolean;
    }
  | {
      readonly kind: "rename";
      readonly object: RenameKind;
      readonly name: string;
      readonly from: string;
      readonly to: string;
    }
  | {
      readonly kind: "reindex";
      readonly object: "table" | "index" | "schema" | "database" | "system";
      readonly name: string;
      readonly concurrently: boolean;
    }
  /** ALTER TYPE of a composite type: what its columns hold is read and written with these attributes. */
  | {
      readonly kind: "change-attribute";
      readonly type: string;
      readonly attribute: string;
      readonly change: "drop" | "type";
    }
  | { readonly kind: "create-enum"; readonly type: string; readonly values: readonly string[] }
  | { readonly kind: "add-enum-value"; readonly type: string; readonly value: string }
  | { readonly kind: "rename-enum-value"; readonly type: string; readonly from: string; readonly to: string }
  | {
      readonly kind: "create-domain";
      readonly type: string;
      readonly base: TypeName;
      /** Names of its CHECK constraints. */
      readonly checks: readonly string[];
      readonly notNull: boolean;
      readonly default: Expression | undefined;
    }
  | {
      readonly kind: "alter-domain";
      readonly type: string;
      readonly change:
        | "add-constraint"
        | "drop-constraint"
        | "set-not-null"
        | "drop-not-null"
        | "set-default"
        | "drop-default"
        | "validate";
      /** Of the constraint; made up by PostgreSQL where there is none. */
      readonly constraint: string | undefined;
      readonly notValid: boolean;
      readonly default: Expression | undefined;
    }
  | { readonly kind: "vacuum"; readonly full: boolean; readonly tables: readonly string[] }
  | { readonly kind: "cluster"; readonly table: string | undefined }
  | { readonly kind: "refresh-view"; readonly view: string; readonly concurrently: boolean; readonly withData: boolean }
  | {
      readonly kind: "truncate";
      readonly tables: readonly string[];
      /** Those named with ONLY. */
      readonly alone: readonly string[];
      readonly cascade: boolean;
    }
  | {
      readonly kind: "change-rows";
      readonly verb: "insert" | "update" | "delete" | "merge" | "copy";
      readonly table: string;
      readonly only: boolean;
      readonly hasWhere: boolean;
      /** Tables read from end to end, as far as the text tells: those of FROM, USING and sub-selects. */
      readonly reads: readonly string[];
      /** Columns of the table itself compared with a constant in WHERE. */
      readonly keys: readonly string[];
      readonly lookups: Lookups;
      readonly literals: readonly string[];
    }
  | {
      readonly kind: "select";
      readonly reads: readonly string[];
      readonly lookups: Lookups;
      readonly literals: readonly string[];
      readonly functions: readonly string[];
      /** Functions that it calls for what they do: it reads nothing else. */
      readonly calls: readonly string[];
    }
  /** PREPARE and DECLARE CURSOR: what runs later, under this name. */
  | { readonly kind: "prepare"; readonly name: string; readonly operations: readonly Operation[] }
  | { readonly kind: "run-prepared"; readonly name: string }
  | {
      readonly kind: "transaction";
      readonly action: "begin" | "commit" | "rollback" | "savepoint" | "release" | "rollback-to";
      /** Of the savepoint; empty for whole transactions. */
      readonly name: string;
    }
  /** Without a value the setting goes back to what it was; `*` stands for all settings. */
  | { readonly kind: "set"; readonly name: string; readonly value: string | undefined; readonly local: boolean }
  | { readonly kind: "lock-table"; readonly tables: readonly string[]; readonly mode: number }
  | {
      readonly kind: "create-trigger" | "create-rule" | "create-policy";
      readonly table: string;
      readonly name: string;
      readonly replace: boolean;
    }
  | {
      readonly kind: "create-view";
      readonly view: string;
      readonly replace: boolean;
      /** PostgreSQL carries writes through it to the one relation that it reads. */
      readonly updatable: boolean;
      /** `undefined` where the text does not tell. */
      readonly columns: readonly QueryColumn[] | undefined;
      readonly reads: readonly string[];
      readonly literals: readonly string[];
    }
  /** What takes a lock for a moment, SHARE UPDATE EXCLUSIVE if nothing else is said: comments, statistics, ANALYZE. */
  | { readonly kind: "touch"; readonly tables: readonly string[]; readonly mode?: LockMode }
  | {
      readonly kind: "create-function";
      readonly name: string;
      readonly replace: boolean;
      readonly arguments: readonly Argument[];
      readonly returns: Returned;
      readonly volatile: boolean;
      /** What PostgreSQL puts in the place of a call, where it can look into the function (inline_function, clauses.c). */
      readonly result: Expression | undefined;
      /** What a call does. */
      readonly body: readonly Operation[];
    }
  | { readonly kind: "alter-function"; readonly name: string; readonly volatile: boolean | undefined }
  /** What rules only want to know to be new: a type that is no enum, a sequence, a schema. */
  | { readonly kind: "create-object"; readonly object: DropKind; readonly name: string }
  | {
      readonly kind: "grant";
      readonly revokes: boolean;
      /** `table` (views too), `sequence`, `schema`, `function`, `database`, `type` … and `role` for membership. */
      readonly object: string;
      readonly names: readonly string[];
      /** The names are schemas, and all objects in them are meant. */
      readonly everyIn: boolean;
      /** `public` stands for everybody. */
      readonly roles: readonly string[];
      /** `SELECT`, `UPDATE (email)`; ALL is written out. */
      readonly privileges: readonly string[];
      /** Only the right to grant it on. */
      readonly optionOnly: boolean;
    }
  /** What is made from now on comes with this grant, or no longer with it. */
  | { readonly kind: "grant-by-default"; readonly grant: OperationOf<"grant"> }
  /** Runs a script of the extension's own, which lies on the server. */
  | { readonly kind: "update-extension"; readonly name: string; readonly version: string | undefined }
  | { readonly kind: "do" }
  /** What could not be read, and so not judged. */
  | { readonly kind: "unseen"; readonly reason: string }
  | { readonly kind: "other"; readonly tag: string };

/** What stands for the tables of a database where a statement names none. */
export const EVERY_TABLE = "every table";

export type DropKind =
  | "table"
  | "index"
  | "view"
  | "materialized-view"
  | "schema"
  | "type"
  | "domain"
  | "trigger"
  | "rule"
  | "policy"
  | "sequence"
  | "function"
  | "database"
  | "owned"
  | "role"
  | "other";
export type RenameKind =
  | "table"
  | "column"
  | "view"
  | "schema"
  | "constraint"
  | "index"
  | "type"
  | "attribute"
  | "sequence"
  | "trigger"
  | "domain-constraint"
  | "function"
  | "other";

const RECURSING: ReadonlySet<ActionKind> = new Set([
  "add-column",
  "drop-column",
  "alter-type",
  "set-not-null",
  "drop-not-null",
  "set-default",
  "drop-default",
  "add-constraint",
  "drop-constraint",
  "validate-constraint",
]);

/** ALTER TABLE passes these on to partitions and to tables that inherit (tablecmds.c, ATPrepCmd). */
export const recurses = ({ kind }: TableAction): boolean => RECURSING.has(kind);

export type OperationKind = Operation["kind"];
type OfKind<U, K> = U extends { readonly kind: infer J } ? (K extends J ? U : never) : never;
export type OperationOf<K extends OperationKind> = OfKind<Operation, K>;
export type ActionKind = TableAction["kind"];
export type ActionOf<K extends ActionKind> = OfKind<TableAction, K>;
