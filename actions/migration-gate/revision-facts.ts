import type { Literal, OperationCall, OperationFact, Revision, RevisionFacts } from "@augeo/migrations";

/** What the rules on Python files want to know, from what was read of one. Pure. */
export function factsOf(revision: Revision): RevisionFacts {
  const { id, file, downRevisions, imports, downgrade, ignores } = revision;
  const within = (isDowngrade: boolean): OperationFact[] =>
    operationFacts(revision.operations.filter((call) => (call.function === "downgrade") === isDowngrade));
  return {
    revision: id,
    file,
    downRevisions,
    imports,
    upgrade: within(false),
    downgrade: downgrade === null ? null : within(true),
    downgradeRaises: downgrade?.raises ?? false,
    downgradeIsEmpty: downgrade?.empty ?? false,
    comments: ignores,
  };
}

function operationFacts(calls: readonly OperationCall[]): OperationFact[] {
  const blocks = calls.filter(({ receiver }) => receiver === "autocommit");
  return calls
    .filter(({ receiver }) => receiver !== "autocommit")
    .map((call) => {
      const { table, name } = namesOf(call);
      const [first] = call.arguments;
      const sql = call.name.startsWith("exec") ? textOf(first) : undefined;
      return {
        call: call.name,
        line: call.line,
        endLine: call.endLine,
        ...(table === undefined ? {} : { table }),
        ...(name === undefined ? {} : { name }),
        ...(sql === undefined ? {} : { sql }),
        autocommitBlock: call.autocommit ? blocks.filter(({ line }) => line <= call.line).length - 1 : null,
        args: Object.keys(call.keywords),
      };
    });
}

/** Calls whose first argument names the constraint or index, and whose second one the table. */
const NAMED_FIRST =
  /^(?:create|drop)_(?:index|foreign_key|check_constraint|unique_constraint|primary_key|exclude_constraint|constraint)$/;

function namesOf({ name, arguments: given, batchTable, keywords }: OperationCall) {
  const [first, second] = given;
  if (!NAMED_FIRST.test(name)) return { table: batchTable ?? textOf(first), name: undefined };
  const literal = first !== undefined && "value" in first && first.value === null ? null : textOf(first);
  return { table: batchTable ?? textOf(second) ?? textOf(keywords.table_name), name: literal };
}

function textOf(literal: Literal | undefined): string | undefined {
  return literal !== undefined && "value" in literal && typeof literal.value === "string" ? literal.value : undefined;
}
