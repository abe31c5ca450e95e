/** Rules on what only Alembic has: the facts they stand on are drawn from real projects, and no quiet revision has any. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "@jest/globals";
import { pythonPath } from "../../../packages/rehearsal/src/python.ts";
import { dist } from "../../support/run-action.ts";
import { type AlembicProject, alembicProject, chain, envPy } from "./alembic-project.ts";
import { change, database, removeProjects } from "./changed-project.ts";

const RULES = [
  "validate-in-same-transaction",
  ..."offline-unsafe offline-output-differs doubled-percent no-downgrade unnamed-constraint-dropped".split(" "),
  ..."downgrade-loses-data imports-app-code autocommit-mid-revision autocommit-in-outer-transaction".split(" "),
  ..."no-bootstrap partial-offline-output untyped-bulk-insert revisions-share-transaction".split(" "),
  ..."contract-with-code several-heads broken-graph edited-revision model-drift".split(" "),
];

interface File {
  readonly up: string;
  readonly down?: string;
  readonly head?: string;
  readonly told: readonly string[];
}

const BACK = 'op.execute("SELECT 1")';

/** One fact to a revision; the first and the last have none. */
const FILES: readonly File[] = [
  { up: 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))', told: ["revisions-share-transaction"] },
  { up: 'op.get_bind().execute(sa.text("SELECT 1")).fetchall()', told: ["offline-unsafe", "partial-offline-output"] },
  {
    up: 'if not context.is_offline_mode():\n        op.execute("SELECT 2")',
    head: "from alembic import context",
    told: ["offline-output-differs"],
  },
  { up: `op.execute("DELETE FROM t WHERE id::text LIKE 'x%'")`, told: ["doubled-percent"] },
  { up: 'op.add_column("t", sa.Column("a", sa.Integer))', down: 'raise RuntimeError("no")', told: ["no-downgrade"] },
  { up: 'op.add_column("t", sa.Column("b", sa.Integer))', down: "pass", told: ["no-downgrade"] },
  {
    up: 'op.create_unique_constraint("u", "t", ["a"])',
    down: 'op.drop_constraint(None, "t", type_="unique")',
    told: ["unnamed-constraint-dropped"],
  },
  {
    up: 'op.add_column("t", sa.Column("c", sa.Integer))\n    op.execute("UPDATE t SET c = 1")',
    down: 'op.drop_column("t", "c")',
    told: ["downgrade-loses-data"],
  },
  { up: 'op.execute("SELECT 3")', head: "import shop.models", told: ["imports-app-code"] },
  {
    up: `op.add_column("t", sa.Column("d", sa.Integer))
    with op.get_context().autocommit_block():
        op.create_index("ix_d", "t", ["d"], postgresql_concurrently=True)`,
    told: ["autocommit-mid-revision"],
  },
  {
    up: 'op.add_column("t", sa.Column("e", sa.Integer))\n    op.get_bind().execute(sa.text("SELECT 4")).scalar()',
    told: ["offline-unsafe", "partial-offline-output"],
  },
  {
    up: 'op.bulk_insert(sa.table("t", sa.column("id")), [{"id": object()}])',
    told: ["offline-unsafe", "untyped-bulk-insert"],
  },
  { up: 'op.add_column("t", sa.Column("f", sa.Integer))', down: 'op.drop_column("t", "f")', told: [] },
];

const idOf = (index: number): string => `r${String(index).padStart(2, "0")}`;

const fileOf = ({ up, down = BACK, head = "" }: File, index: number): [string, string] => [
  `migrations/versions/${idOf(index)}.py`,
  `import sqlalchemy as sa
from alembic import op
${head}

revision = "${idOf(index)}"
down_revision = ${index === 0 ? "None" : `"${idOf(index - 1)}"`}


def upgrade():
    ${up}


def downgrade():
    ${down}
`,
];

interface Told {
  readonly revision: string;
  readonly rule: string;
}

const projects: AlembicProject[] = [];
afterEach(removeProjects);
afterAll(() => Promise.all(projects.map((project) => project.remove())));

function gate(folder: string, ...args: readonly string[]): Promise<readonly Told[]> {
  const line = [join(dist, "augeo-gate.js"), ...args, "--python", pythonPath(), "--json"];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, line, { cwd: folder, maxBuffer: 1e8 }, (_, stdout, stderr) => {
      try {
        resolve((JSON.parse(stdout) as { findings: Told[] }).findings.filter(({ rule }) => RULES.includes(rule)));
      } catch {
        reject(new Error(stderr));
      }
    });
  });
}

async function project(files: Readonly<Record<string, string>>): Promise<string> {
  const made = await alembicProject(files);
  projects.push(made);
  return made.folder;
}

test("each fact that the files show is told of the revision that has it, and of no other", async () => {
  const folder = await project({
    ...Object.fromEntries(FILES.map(fileOf)),
    "shop/__init__.py": "",
    "shop/models.py": "",
  });
  const told = await gate(folder, "alembic", ".", "--no-rehearsal");
  const found = FILES.map((_, index) =>
    told.filter(({ revision }) => revision === idOf(index)).map(({ rule }) => rule),
  );
  expect(found.map((rules) => [...new Set(rules)].sort())).toEqual(FILES.map(({ told: rules }) => [...rules].sort()));
});

test("a chain that expects what no revision makes, and a transaction that env.py opened itself, are told when it is run", async () => {
  const [path, alone] = fileOf({ up: 'op.add_column("account", sa.Column("a", sa.Integer))', told: [] }, 0);
  const rootless = await project({ [path]: alone });
  const missing = await gate(rootless, "alembic", ".", "--server-url", await database());
  expect(missing.map(({ rule }) => rule)).toContain("no-bootstrap");

  const [first, block] = fileOf(
    {
      up: 'with op.get_context().autocommit_block():\n        op.execute("SELECT 1")',
      told: [],
    },
    0,
  );
  const outer = await project({
    [first]: block,
    "migrations/env.py": envPy().replace("engine.connect()", "engine.begin()"),
  });
  const told = await gate(outer, "alembic", ".", "--server-url", await database());
  expect(told.map(({ rule }) => rule)).toEqual(["autocommit-in-outer-transaction"]);
});

test("a contract revision that comes with the code that needs it is told; one that comes alone is not", async () => {
  const [, drop] = fileOf({ up: 'op.drop_table("t_a1")', down: BACK, told: [] }, 1);
  const contract = { "migrations/versions/b2.py": drop.replace('"r01"', '"b2"').replace('"r00"', '"a1"') };
  const rulesOf = async (files: Record<string, string>) => {
    const { folder } = await change(chain("a1"), files);
    return (await gate(folder, "check", "--since", "main", "--no-rehearsal")).map(({ rule }) => rule);
  };
  expect(await rulesOf({ ...contract, "shop.py": "x = 1\n" })).toContain("contract-with-code");
  expect(await rulesOf({ ...contract, "tests/test_shop.py": "x = 1\n" })).not.toContain("contract-with-code");
});

test("NOT VALID and VALIDATE in two revisions are told where both run in one transaction, and only there", async () => {
  const files = [
    { up: 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))', told: [] },
    { up: 'op.create_check_constraint("c", "t", "id > 0", postgresql_not_valid=True)', told: [] },
    { up: 'op.execute("SELECT 1")', told: [] },
    { up: 'op.execute("ALTER TABLE t VALIDATE CONSTRAINT c")', told: [] },
  ];
  const validated = async (upgrades: readonly File[], env: string) => {
    const made = await project({ ...Object.fromEntries(upgrades.map(fileOf)), "migrations/env.py": env });
    const told = await gate(made, "alembic", ".", "--from", idOf(0), "--no-rehearsal");
    return told.filter(({ rule }) => rule === "validate-in-same-transaction").map(({ revision }) => revision);
  };
  const block = 'with op.get_context().autocommit_block():\n        op.execute("SELECT 1")';
  const apart = files.map((file, index) => (index === 2 ? { up: block, told: [] } : file));
  expect(await validated(files, envPy())).toEqual([idOf(3)]);
  expect(await validated(apart, envPy())).toEqual([]);
  expect(await validated(files, envPy({ configure: "transaction_per_migration=True" }))).toEqual([]);
});

test("what a guard keeps from being printed was not read, and the change is not called safe", async () => {
  const guarded = (up: string) => project(Object.fromEntries([fileOf({ up, told: [] }, 0)]));
  const conclusion = async (folder: string) => {
    const line = [join(dist, "augeo-gate.js"), "alembic", folder, "--no-rehearsal", "--python", pythonPath(), "--json"];
    return new Promise((resolve) => {
      execFile(process.execPath, line, (_, stdout) =>
        resolve((JSON.parse(stdout) as { conclusion: string }).conclusion),
      );
    });
  };
  expect(await conclusion(await guarded('if not op.get_context().as_sql:\n        op.drop_table("t")'))).toBe(
    "unknown",
  );
  expect(await conclusion(await guarded('op.execute("SELECT 1")'))).toBe("pass");
});
