import { ALEMBIC_RULES } from "./alembic.ts";
import { COLUMN_RULES } from "./columns.ts";
import { COMPAT_RULES } from "./compat.ts";
import { CONSTRAINT_RULES } from "./constraints.ts";
import { INDEX_RULES } from "./indexes.ts";
import { LOCK_RULES } from "./locks.ts";
import type { Rule } from "./rule.ts";
import { TABLE_RULES } from "./tables.ts";
import { TRANSACTION_RULES } from "./transactions.ts";
import { TYPE_RULES } from "./types.ts";

/** Every rule there is. */
export const RULES: readonly Rule[] = [
  ...INDEX_RULES,
  ...CONSTRAINT_RULES,
  ...COLUMN_RULES,
  ...TYPE_RULES,
  ...TABLE_RULES,
  ...LOCK_RULES,
  ...TRANSACTION_RULES,
  ...COMPAT_RULES,
  ...ALEMBIC_RULES,
];

const BY_ID: ReadonlyMap<string, Rule> = new Map(RULES.map((rule) => [rule.id, rule]));

export const ruleById = (id: string): Rule | undefined => BY_ID.get(id);
