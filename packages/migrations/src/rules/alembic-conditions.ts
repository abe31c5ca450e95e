import type { AlembicCase, OperationFact, RevisionFacts } from "../revision-facts.ts";
import type { Rule } from "./rule.ts";

export type AlembicHits = ReturnType<NonNullable<Rule["detectAlembic"]>>;

export const at = (line: number, relation = "", note?: string, file?: string): AlembicHits => [
  { subject: { relation }, line, ...(note === undefined ? {} : { note }), ...(file === undefined ? {} : { file }) },
];

export const inRevision =
  (detect: (revision: RevisionFacts, facts: AlembicCase) => AlembicHits): NonNullable<Rule["detectAlembic"]> =>
  (facts) =>
    facts.revision === undefined ? [] : detect(facts.revision, facts);

export const listed = (names: readonly string[], most = 5): string =>
  names.length > most ? `${names.slice(0, most).join(", ")} and ${names.length - most} more` : names.join(", ");

/** Calls that change the database, not those that only build arguments. */
export const isSchemaCall = ({ call }: OperationFact): boolean =>
  /^(create|drop|add|alter|rename|execute|bulk_insert|batch)/.test(call);

export const needsResult = ({ call }: OperationFact): boolean =>
  /(^|\.)(fetchall|fetchone|scalar|scalar_one|scalars|first|rowcount|all|mappings|inspect|Session)$/.test(call);

export const drops = new Set(["drop_column", "drop_table"]);

export const EMPTY_REVISION: RevisionFacts = {
  revision: "a1",
  file: "versions/a1.py",
  downRevisions: [],
  imports: [],
  upgrade: [],
  downgrade: [{ call: "drop_index", line: 9, endLine: 9, name: "i", autocommitBlock: null, args: [] }],
  downgradeRaises: false,
  downgradeIsEmpty: false,
  comments: [],
};

export const revision = (change: Partial<RevisionFacts>): { alembic: AlembicCase } => ({
  alembic: { revision: { ...EMPTY_REVISION, ...change } },
});
export const call = (name: string, change: Partial<OperationFact> = {}): OperationFact => ({
  call: name,
  line: 5,
  endLine: 5,
  autocommitBlock: null,
  args: [],
  ...change,
});
export const project = (change: Partial<NonNullable<AlembicCase["project"]>>) => ({
  transactionPerMigration: true,
  opensOwnTransaction: false,
  paramstyleNamed: true,
  appModules: ["app"],
  pending: 1,
  ...change,
});
export const graph = (change: Partial<NonNullable<AlembicCase["graph"]>>): { alembic: AlembicCase } => ({
  alembic: { graph: { heads: ["a1"], orphans: [], duplicates: [], edited: [], behindBase: [], ...change } },
});
export const quiet = revision({ upgrade: [call("create_index", { autocommitBlock: 0 })] });

export const alembic = { scope: "alembic" } as const;
