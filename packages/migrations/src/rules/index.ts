import { COLUMN_RULES } from "./columns.ts";
import { COMPAT_RULES } from "./compat.ts";
import { CONSTRAINT_RULES } from "./constraints.ts";
import { ENUM_RULES } from "./enums.ts";
import { FOREIGN_KEY_RULES } from "./foreign-keys.ts";
import { INDEX_RULES } from "./indexes.ts";
import { KEY_RULES } from "./keys.ts";
import { LOCK_RULES } from "./locks.ts";
import { PRIVILEGE_RULES } from "./privileges.ts";
import { PROJECT_RULES } from "./projects.ts";
import { REMOVAL_RULES } from "./removals.ts";
import { RENAME_RULES } from "./renames.ts";
import { REVISION_RULES } from "./revisions.ts";
import { ROUTINE_RULES } from "./routines.ts";
import type { Rule } from "./rule.ts";
import { TABLE_RULES } from "./tables.ts";
import { TRANSACTION_RULES } from "./transactions.ts";
import { TYPE_RULES } from "./types.ts";

/** Every rule there is. */
export const RULES: readonly Rule[] = [
  ...INDEX_RULES,
  ...KEY_RULES,
  ...FOREIGN_KEY_RULES,
  ...CONSTRAINT_RULES,
  ...COLUMN_RULES,
  ...TYPE_RULES,
  ...TABLE_RULES,
  ...LOCK_RULES,
  ...TRANSACTION_RULES,
  ...REMOVAL_RULES,
  ...RENAME_RULES,
  ...ROUTINE_RULES,
  ...PRIVILEGE_RULES,
  ...COMPAT_RULES,
  ...ENUM_RULES,
  ...REVISION_RULES,
  ...PROJECT_RULES,
];

const BY_ID: ReadonlyMap<string, Rule> = new Map(RULES.map((rule) => [rule.id, rule]));

export const ruleById = (id: string): Rule | undefined => BY_ID.get(id);
