import { unlink } from "node:fs/promises";
import { afterEach, describe, expect, test } from "@jest/globals";
import { chain, envPy, revisionFile } from "./alembic-project.ts";
import { change, check, removeProjects, revision } from "./changed-project.ts";

afterEach(removeProjects);

interface Finding {
  rule: string;
  line: number;
  file: string;
  source: string;
  lock: string | null;
}

function findings(finished: Awaited<ReturnType<typeof check>>): Finding[] {
  const { change: found } = finished.result as { change: { revisions: { findings: Finding[] }[] } };
  return found.revisions.flatMap((one) => one.findings);
}

const rulesOf = (finished: Awaited<ReturnType<typeof check>>): string[] => findings(finished).map(({ rule }) => rule);

const modelsOf = (...tables: readonly string[]): string =>
  ["import sqlalchemy as sa", "metadata = sa.MetaData()"]
    .concat(tables.map((name) => `sa.Table("${name}", metadata, sa.Column("id", sa.Integer, primary_key=True))`))
    .join("\n");
const modelsEnv = envPy({ before: "import sys\nsys.path.insert(0, '.')\nfrom models import metadata" }).replaceAll(
  "target_metadata=None",
  "target_metadata=metadata",
);

describe("a new revision is run on a server and judged", () => {
  test("an expand migration that takes only short locks is safe", async () => {
    const added = revision(
      "b2",
      "a1",
      'op.add_column("t_a1", sa.Column("x", sa.Integer))',
      'op.drop_column("t_a1", "x")',
    );
    const finished = await check(await change(chain("a1"), added));
    expect(finished.outputs).toMatchObject({ decision: "proceed", reason: "safe", new: "b2", phase: "expand" });
    expect(finished.summary).toMatch(/before the swap|run now/i);
    expect(finished.result).toMatchObject({ change: { revisions: [{ back: "reversible" }] } });
  });

  test("an index built while writes wait is refused, on the line of the operation, with what was measured", async () => {
    const added = revision("b2", "a1", 'print("hello")\nop.create_index("ix", "t_a1", ["id"])', 'op.drop_index("ix")');
    const finished = await check(await change(chain("a1"), added));
    expect(finished.exitCode).toBe(1);
    expect(finished.outputs).toMatchObject({ decision: "hold", reason: "unsafe" });
    expect(findings(finished)).toContainEqual(
      expect.objectContaining({
        rule: "index-not-concurrent",
        line: 12,
        lock: "ShareLock",
        source: "trace",
        indexBuild: true,
      }),
    );
    expect(finished.annotations[0]).toMatchObject({
      level: "error",
      properties: { file: "migrations/versions/b2.py", line: "12" },
    });
    expect(finished.summary).toContain("postgresql_concurrently=True");
  });

  test("the same, built concurrently, is not", async () => {
    const block =
      'with op.get_context().autocommit_block():\n    op.create_index("ix", "t_a1", ["id"], postgresql_concurrently=True)';
    const back = 'with op.get_context().autocommit_block():\n        op.drop_index("ix", postgresql_concurrently=True)';
    const finished = await check(await change(chain("a1"), revision("b2", "a1", block, back)));
    expect(finished.outputs.reason).toBe("safe");
    expect(rulesOf(finished)).not.toContain("index-not-concurrent");
    const { change: found } = finished.result as { change: { revisions: { trace: { locks: unknown }[] }[] } };
    expect(found.revisions[0]?.trace[0]?.locks).toContainEqual({
      relation: "t_a1",
      mode: "ShareUpdateExclusiveLock",
      preexisting: true,
    });
  });

  test("what no statement shows is found in the catalogs", async () => {
    const hidden = `op.execute("DO $$ BEGIN EXECUTE convert_from(decode('616c746572207461626c6520745f61312072656e616d6520636f6c756d6e20696420746f206b6579', 'hex'), 'utf8'); END $$")`;
    // A table whose name begins like the other's: the finding is not put there.
    const other = 'op.create_table("t_a1_log", sa.Column("id", sa.Integer))';
    const finished = await check(await change(chain("a1"), revision("b2", "a1", `${other}\n${hidden}`)));
    expect(finished.outputs).toMatchObject({ reason: "unsafe", phase: "contract" });
    expect(findings(finished)).toContainEqual(
      expect.objectContaining({ rule: "rename-column", source: "contract", line: 12 }),
    );
  });

  test("a downgrade that does not come back is named", async () => {
    const added = revision("b2", "a1", 'op.add_column("t_a1", sa.Column("x", sa.Integer))');
    const finished = await check(await change(chain("a1"), added));
    expect(rulesOf(finished)).toContain("downgrade-loses-data");
  });

  test("one that fails ends the run, and says with what", async () => {
    const finished = await check(
      await change(chain("a1"), revision("b2", "a1", 'op.execute("select * from nowhere")')),
    );
    expect(finished.outputs).toMatchObject({ decision: "hold", reason: "unsafe" });
    expect(finished.stdout).toContain('b2 failed: 42P01: relation "nowhere" does not exist');
  });

  test("the models of the live code are tried on the new schema, and what they can no longer do is told", async () => {
    const models =
      'import sqlalchemy as sa\nmetadata = sa.MetaData()\nsa.Table("t_a1", metadata, sa.Column("id", sa.Integer, primary_key=True))\n';
    const env = envPy({
      before: "import sys\nsys.path.insert(0, '.')\nfrom models import metadata",
      configure: "transaction_per_migration=True",
    });
    const base = {
      ...chain("a1"),
      "models.py": models,
      "migrations/env.py": env.replaceAll("target_metadata=None", "target_metadata=metadata"),
    };
    const trigger = `op.execute("create function no() returns trigger language plpgsql as $$ begin raise exception 'not any more'; end $$")
op.execute("create trigger no before insert on t_a1 execute function no()")`;
    const finished = await check(await change(base, revision("b2", "a1", trigger)));
    expect(finished.outputs).toMatchObject({ reason: "unsafe", phase: "contract" });
    expect(finished.stdout).toContain("the code that is live cannot insert into t_a1: not any more");
  });

  test("a command of the project's own proves the code of the base on the new schema", async () => {
    const added = revision(
      "b2",
      "a1",
      'op.add_column("t_a1", sa.Column("x", sa.Integer))',
      'op.drop_column("t_a1", "x")',
    );
    const project = await change(
      { ...chain("a1"), "smoke.sh": 'test -n "$DATABASE_URL"; echo base' },
      { ...added, "smoke.sh": "exit 3" },
    );
    const good = await check(project, { "old-code-command": "bash smoke.sh" });
    expect(good.outputs.reason).toBe("safe");
    const bad = await check(project, { "old-code-command": "bash smoke.sh; echo cannot sell; exit 7" });
    expect(bad.outputs.reason).toBe("unsafe");
    expect(bad.stdout).toContain("old-code-command ended with exit code 7: cannot sell");
  });

  test("models that the migrations do not know yet are drift", async () => {
    const models = modelsOf("t_new");
    const finished = await check(
      await change(chain("a1"), {
        ...revision("b2", "a1", "pass"),
        "models.py": models,
        "migrations/env.py": modelsEnv,
      }),
    );
    expect(finished.result).toMatchObject({ change: { drift: expect.arrayContaining(["add table t_new"]) } });
    expect(rulesOf(finished)).toContain("model-drift");
    expect(finished.result).toMatchObject({ change: { knownDrift: [] } });
  });

  test("what the base has drifted already is known, and only what is added to it is told", async () => {
    const env = { "migrations/env.py": modelsEnv };
    const base = { ...chain("a1"), ...env, "models.py": modelsOf("t_a1", "t_old") };
    const same = await check(await change(base, revision("b2", "a1", "pass")));
    expect(same.result).toMatchObject({ change: { drift: [], knownDrift: ["add table t_old"] } });
    expect(rulesOf(same)).not.toContain("model-drift");
    expect(same.summary).toMatch(/differed before this change already, which is no part of it: add table t&#95;old/);
    const models = { "models.py": modelsOf("t_a1", "t_old", "t_new") };
    const more = await check(await change(base, { ...revision("b2", "a1", "pass"), ...models }));
    expect(more.result).toMatchObject({
      change: { drift: expect.arrayContaining(["add table t_new"]), knownDrift: ["add table t_old"] },
    });
    expect(JSON.stringify(more.result?.change).match(/t_old/g)).toHaveLength(1);
    expect(rulesOf(more)).toContain("model-drift");
  });

  test("a finding is accepted with a reason, and not without", async () => {
    const operation = 'op.create_index("ix", "t_a1", ["id"])';
    const accepted = (comment: string) =>
      revision("b2", "a1", `# migration-gate: ${comment}\n${operation}`, 'op.drop_index("ix")');
    const without = await check(await change(chain("a1"), accepted("ignore index-not-concurrent")));
    expect(without.outputs.reason).toBe("unsafe");
    const reasoned = await check(
      await change(chain("a1"), accepted("ignore index-not-concurrent reason=the table is empty")),
    );
    expect(reasoned.outputs.reason).toBe("safe");
    expect(reasoned.summary).toContain("1 accepted with a reason");
  });

  test("revisions that are on the base already are not judged again", async () => {
    const base = { ...chain("a1"), ...revision("b2", "a1", 'op.create_index("ix", "t_a1", ["id"])') };
    const finished = await check(await change(base, { "app.py": "x = 1" }));
    expect(finished.outputs).toMatchObject({ decision: "proceed", reason: "sound", new: "" });
  });

  test("one that is on the base and was taken away is an error: a database may have it", async () => {
    const project = await change(chain("a1", "b2"), {});
    await unlink(`${project.folder}/migrations/versions/b2.py`);
    const finished = await check(project);
    expect(finished.outputs.reason).toBe("usage-error");
    expect(finished.annotations[0]?.message).toMatch(
      /touches migrations\/versions\/b2.py, and no new or edited revision/,
    );
  });

  test("one that is on the base and was edited is named", async () => {
    const edited = {
      "migrations/versions/a1.py": revisionFile("a1", null, 'op.create_table("other", sa.Column("id", sa.Integer))'),
    };
    const finished = await check(await change(chain("a1"), { ...edited, ...revision("b2", "a1", "pass") }));
    expect(rulesOf(finished)).toContain("edited-revision");
  });
});

describe("the project's own policy", () => {
  const policy = (text: string) => ({ ".augeo/migrations.yml": text });
  const oneWay = revision("b2", "a1", 'op.add_column("t_a1", sa.Column("x", sa.Integer))');

  test.each([
    ["block", "unsafe"],
    ["allow", "safe"],
  ])("on revisions that no downgrade takes back is %s: %s", async (word, reason) => {
    const project = await change({ ...chain("a1"), ...policy(`irreversible: ${word}\n`) }, oneWay);
    const finished = await check(project);
    expect(rulesOf(finished)).toContain("downgrade-loses-data");
    expect(finished.outputs.reason).toBe(reason);
  });

  test.each([
    ["branches: [core, billing]\n", "safe"],
    ["irreversible: allow\n", "several-heads"],
  ])("lets branches have a head each where it says %j: %s", async (text, reason) => {
    const label = (name: string) => `branch_labels = ("${name}",)`;
    const base = {
      "migrations/versions/a1.py": revisionFile("a1", null, "pass", label("core")),
      "migrations/versions/x1.py": revisionFile("x1", null, "pass", label("billing")),
    };
    const column = 'op.create_table("t_a2", sa.Column("id", sa.Integer))';
    const project = await change({ ...base, ...policy(text) }, revision("a2", "a1", column, 'op.drop_table("t_a2")'));
    expect((await check(project)).outputs).toMatchObject({ reason, heads: "a2 x1" });
  });
});

describe("where it cannot be run", () => {
  const added = revision("b2", "a1", 'op.create_index("ix", "t_a1", ["id"])', 'op.drop_index("ix")');

  test("its SQL is read instead, and the report says that nothing was measured", async () => {
    const finished = await check(await change(chain("a1"), added), { rehearsal: "off", "rehearsal-database-url": "" });
    expect(finished.outputs.reason).toBe("unsafe");
    expect(findings(finished)).toContainEqual(
      expect.objectContaining({ rule: "index-not-concurrent", line: 11, source: "parser" }),
    );
    expect(finished.summary).toContain("read, not run");
  });

  test("with rehearsal required it holds, and is called neither safe nor unsafe", async () => {
    const broken = { "migrations/env.py": 'raise RuntimeError("no settings")' };
    const harmless = revision("b2", "a1", "pass");
    const finished = await check(await change({ ...chain("a1"), ...broken }, harmless), { rehearsal: "required" });
    expect(finished.exitCode).toBe(1);
    expect(finished.outputs).toMatchObject({ decision: "hold", reason: "not-rehearsed" });
    expect(finished.summary).toContain("env.py was not used, because it does not load here: RuntimeError: no settings");
  });

  test("a base that is not in the clone is an error, not a pass", async () => {
    const finished = await check(await change(chain("a1"), added), { since: "origin/nowhere" });
    expect(finished.outputs.reason).toBe("usage-error");
    expect(finished.annotations[0]?.message).toMatch(/not in this clone[\s\S]*fetch-depth: 0/);
  });
});
