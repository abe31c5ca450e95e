import {
  buildGraph,
  judgeGraph,
  type OperationCall,
  phaseOf,
  planUpgrade,
  type ReadingFault,
  type Revision,
} from "@augeo/migrations";
import { describe, expect, test } from "@jest/globals";

function call(name: string, more: Partial<OperationCall> = {}): OperationCall {
  const place = { line: 10, endLine: 10, column: 5, function: "upgrade", receiver: "op" as const, batchTable: null };
  return { name, arguments: [], keywords: {}, autocommit: false, conditional: false, loop: false, ...place, ...more };
}

function sql(text: string): OperationCall {
  return call("execute", { arguments: [{ value: text }] });
}

function revision(id: string, parents: readonly string[], operations: readonly OperationCall[] = []): Revision {
  return {
    id,
    downRevisions: parents,
    dependsOn: [],
    branchLabels: [],
    message: `message of ${id}`,
    file: `versions/${id}.py`,
    line: 3,
    contentHash: "",
    operations,
    imports: [],
    upgrade: null,
    downgrade: null,
    ignores: [],
  };
}

describe("judging the files", () => {
  test("one chain is sound", () => {
    expect(judgeGraph([revision("a", []), revision("b", ["a"])], []).kind).toBe("sound");
  });

  test("several heads name both files and the command that joins them", () => {
    const verdict = judgeGraph([revision("a", []), revision("b", ["a"]), revision("c", ["a"])], []);
    expect(verdict).toMatchObject({ kind: "refused", reason: "several-heads" });
    const [objection] = verdict.kind === "refused" ? verdict.objections : [];
    expect(objection?.what).toBe("The migrations have 2 heads: b (versions/b.py), c (versions/c.py).");
    expect(objection?.fix).toContain('alembic merge -m "merge heads" b c');
  });

  test("several heads are meant when the target says heads", () => {
    expect(judgeGraph([revision("a", []), revision("b", [])], [], "heads").kind).toBe("sound");
  });

  test.each<[name: string, heads: readonly string[], branches: readonly string[], target: string, refused: string[]]>([
    ["one head each is what was meant", ["core2", "bill2"], ["core", "billing"], "head", []],
    ["so are fewer heads than branches", ["core2", "bill2"], ["core", "billing", "new"], "heads", []],
    ["a second head of one is not", ["core2", "core3", "bill2"], ["core", "billing"], "head", ["core2", "core3"]],
    ["nor under the target heads", ["core2", "core3", "bill2"], ["core", "billing"], "heads", ["core2", "core3"]],
    ["nor is a head of no branch", ["core2", "bill2", "stray"], ["core", "billing"], "head", ["stray"]],
    ["nor one whose own label is not declared", ["core2", "bill2"], ["core"], "core@head", ["bill2", "core2"]],
    ["without a declaration all are refused", ["core2", "bill2"], [], "head", ["core2", "bill2"].sort()],
  ])("of branches that were declared, %s", (_, heads, branches, target, refused) => {
    // Billing branches off core and is nearer to its own label; core depends on it, and is not of it.
    const all = [
      { ...revision("core1", []), branchLabels: ["core"] },
      { ...revision("bill1", ["core1"]), branchLabels: ["billing"] },
      revision("bill2", ["bill1"]),
      { ...revision("core2", ["core1"]), dependsOn: ["bill1"] },
      revision("core3", ["core1"]),
      revision("stray", []),
    ];
    const wanted = new Set([...heads, "core1", "bill1"]);
    const verdict = judgeGraph(
      all.filter(({ id }) => wanted.has(id)),
      [],
      target,
      branches,
    );
    const told = verdict.kind === "refused" ? (verdict.objections[0]?.what.match(/\b\w+(?= \()/g) ?? []) : [];
    expect(told.filter((word) => wanted.has(word))).toEqual(refused);
    if (verdict.kind === "sound") expect(verdict.target).toBe("heads");
  });

  test("a broken chain outranks its heads, and every fault is told at once", () => {
    const fault: ReadingFault = { kind: "syntax", file: "versions/x.py", line: 7, message: "invalid syntax" };
    const verdict = judgeGraph([revision("b", ["a"]), revision("b", []), revision("c", [])], [fault]);
    expect(verdict).toMatchObject({ kind: "refused", reason: "broken-chain" });
    expect(verdict.kind === "refused" && verdict.objections.length).toBe(3);
  });
});

describe("the phase of a revision", () => {
  test.each([
    ["nothing", [], "expand"],
    ["a new table", [call("create_table")], "expand"],
    ["a new column and its backfill", [call("add_column"), sql("update t set a = 1")], "expand"],
    ["a backfill alone", [sql("UPDATE t SET a = 1")], "backfill"],
    ["a dropped column", [call("drop_column")], "contract"],
    ["a dropped column in a batch", [call("drop_column", { receiver: "batch" })], "contract"],
    ["a dropped column on the way back", [call("drop_column", { function: "downgrade" })], "expand"],
    ["a column made NOT NULL", [call("alter_column", { keywords: { nullable: { value: false } } })], "contract"],
    ["a column made nullable", [call("alter_column", { keywords: { nullable: { value: true } } })], "expand"],
    ["a renamed column", [call("alter_column", { keywords: { new_column_name: { value: "b" } } })], "contract"],
    [
      "a longer text",
      [
        call("alter_column", {
          keywords: {
            existing_type: { expression: "sa.String(length=20)" },
            type_: { expression: "sa.String(length=50)" },
          },
        }),
      ],
      "expand",
    ],
    [
      "a shorter text",
      [
        call("alter_column", {
          keywords: { existing_type: { expression: "sa.Text()" }, type_: { expression: "sa.String(length=50)" } },
        }),
      ],
      "contract",
    ],
    ["another type", [call("alter_column", { keywords: { type_: { expression: "sa.BigInteger()" } } })], "contract"],
    ["DROP TABLE as text", [sql("DROP TABLE t")], "contract"],
    ["a rename as text", [sql("alter table t\n rename column a to b")], "contract"],
    ["SQL inside sa.text", [call("execute", { arguments: [{ expression: "sa.text('drop table t')" }] })], "contract"],
    ["an index", [sql("CREATE INDEX CONCURRENTLY i ON t (a)")], "expand"],
  ])("%s: %s", (_, operations, phase) => {
    expect(phaseOf({ operations })).toBe(phase);
  });
});

describe("planning an upgrade", () => {
  const drop = [call("drop_column")];
  const { graph } = judgeGraph(
    [revision("a", []), revision("b", ["a"]), revision("c", ["b"], drop), revision("d", ["c"])],
    [],
  );

  test("from the beginning it runs everything, in order", () => {
    const plan = planUpgrade(graph, [], "head");
    expect(plan.kind === "run" && plan.revisions.map((planned) => planned.revision.id)).toEqual(["a", "b", "c", "d"]);
  });

  test("expand only: it ends before the first contract revision, and holds the rest", () => {
    const plan = planUpgrade(graph, ["a"], "head", true);
    expect(plan).toMatchObject({ kind: "run", targets: ["b"] });
    expect(plan.kind === "run" && plan.held.map((planned) => planned.revision.id)).toEqual(["c", "d"]);
  });

  test("expand only, over several branches: it ends at the tip of each", () => {
    const branches = buildGraph([
      revision("a", []),
      revision("b", ["a"]),
      revision("x", []),
      revision("y", ["x"], [call("drop_table")]),
    ]);
    const plan = planUpgrade(branches, [], "heads", true);
    expect(plan).toMatchObject({ kind: "run", targets: ["b", "x"], held: [{ revision: { id: "y" } }] });
  });

  test("expand only, with nothing but a contract to come: nothing runs", () => {
    expect(planUpgrade(graph, ["b"], "head", true)).toMatchObject({ kind: "contract-only" });
  });

  test.each([
    ["at the target", ["d"], "head", { kind: "nothing" }],
    ["beyond the target", ["c"], "b", { kind: "ahead", unknown: [], beyond: ["c"] }],
    ["at a revision no file has", ["z"], "head", { kind: "ahead", unknown: ["z"], beyond: [] }],
  ])("a database %s", (_, current, target, expected) => {
    expect(planUpgrade(graph, current, target)).toEqual(expected);
  });
});
