/** One chain with a hazard in each revision, spelled as people spell it in Alembic: run on a server, and only read. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { pythonPath } from "../../../packages/rehearsal/src/python.ts";
import { dist } from "../../support/run-action.ts";
import { type AlembicProject, alembicProject, envPy, revisionFile } from "./alembic-project.ts";
import { database } from "./changed-project.ts";

interface Spelling {
  readonly upgrade: string;
  /** Rules that must speak, and rules that must not. */
  readonly told?: readonly string[];
  readonly untold?: readonly string[];
  /** Lines before the revision's own names. */
  readonly head?: string;
  /** It asks the database what to do: nothing of it can be known without running it. */
  readonly needsServer?: true;
}

const SCENE = `op.create_table("shop", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(40), nullable=False), sa.Column("city", sa.String(20)), sa.Column("vat", sa.String(20)), sa.Column("opened", sa.Date), sa.Column("note", sa.Text), sa.Column("rating", sa.Integer), sa.Column("seen", sa.DateTime()), sa.Column("extra", sa.JSON()), sa.Column("price", sa.Numeric(8, 2)))
op.create_table("visit", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("shop_id", sa.Integer), sa.Column("state", sa.Enum("new", "done", name="visit_state"), server_default="new", nullable=False), sa.Column("day", sa.Date))
op.create_table("tag", sa.Column("slug", sa.String(30)), sa.Column("title", sa.String(30), nullable=False))
op.create_index("ix_shop_city", "shop", ["city"])
op.create_check_constraint("vat_there", "shop", "vat IS NOT NULL")
op.create_foreign_key("visit_shop", "visit", "shop", ["shop_id"], ["id"])
op.execute("CREATE SCHEMA crm")
op.create_table("lead", sa.Column("id", sa.Integer, primary_key=True), sa.Column("mail", sa.String(50)), schema="crm")
op.bulk_insert(sa.table("tag", sa.column("slug", sa.String), sa.column("title", sa.String)), [{"slug": "a", "title": "A"}])`;

const POSTGRESQL = "from sqlalchemy.dialects import postgresql";

const SPELLINGS: readonly Spelling[] = [
  {
    upgrade: SCENE,
    untold: ["index-not-concurrent", "check-validates", "foreign-key-validates", "backfill-in-ddl-transaction"],
  },
  { upgrade: 'op.create_index(op.f("ix_shop_name"), "shop", ["name"], unique=False)', told: ["index-not-concurrent"] },
  {
    upgrade: `with op.get_context().autocommit_block():
    op.create_index("ix_shop_vat", "shop", ["vat"], postgresql_concurrently=True, if_not_exists=True)`,
    untold: ["index-not-concurrent", "concurrently-in-transaction"],
  },
  {
    upgrade:
      'op.create_index("ix_note", "shop", [sa.text("lower(note)")], postgresql_where=sa.text("note IS NOT NULL"))',
    told: ["index-not-concurrent"],
  },
  {
    upgrade: 'op.create_index("ix_lead_mail", "lead", ["mail"], unique=True, schema="crm")',
    told: ["index-not-concurrent", "new-unique-rejects-writes"],
  },
  { upgrade: 'op.drop_index("ix_shop_city", table_name="shop")', told: ["drop-index-not-concurrent"] },
  {
    upgrade: `with op.batch_alter_table("shop") as batch:
    batch.add_column(sa.Column("phone", sa.String(20), nullable=True))
    batch.alter_column("city", existing_type=sa.String(20), type_=sa.String(40))
    batch.create_index("ix_shop_phone", ["phone"])`,
    told: ["safe-type-change", "index-not-concurrent"],
    untold: ["type-change-rewrites"],
  },
  {
    upgrade: 'op.alter_column("shop", "rating", existing_type=sa.Integer(), type_=sa.BigInteger())',
    told: ["type-change-rewrites", "type-change-breaks-code"],
  },
  {
    upgrade:
      'op.alter_column("shop", "opened", existing_type=sa.Date(), nullable=False, new_column_name="since", server_default=sa.text("now()"))',
    told: ["set-not-null-scans", "rename-column"],
  },
  { upgrade: 'op.alter_column("shop", "vat", nullable=False)', untold: ["set-not-null-scans"] },
  {
    upgrade:
      'op.add_column("shop", sa.Column("token", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False))',
    told: ["volatile-default"],
  },
  {
    upgrade:
      'op.add_column("shop", sa.Column("made", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False))',
    untold: ["volatile-default", "required-column"],
  },
  {
    upgrade: 'op.add_column("shop", sa.Column("must", sa.Integer(), nullable=False, default=0))',
    told: ["required-column"],
  },
  {
    upgrade: 'op.add_column("shop", sa.Column("big", sa.String(40), sa.Computed("upper(name)", persisted=True)))',
    told: ["stored-generated-column"],
  },
  {
    upgrade: 'op.add_column("tag", sa.Column("num", sa.BigInteger(), sa.Identity(always=True)))',
    told: ["identity-column"],
  },
  { upgrade: 'op.create_unique_constraint("uq_tag_title", "tag", ["title"])', told: ["unique-builds-index"] },
  {
    upgrade: 'op.create_primary_key("pk_tag", "tag", ["slug"])',
    told: ["primary-key-builds-index", "column-becomes-required"],
  },
  { upgrade: 'op.create_check_constraint("rating_ok", "shop", sa.column("rating") > 0)', told: ["check-validates"] },
  {
    upgrade: 'op.create_check_constraint("price_ok", "shop", "price > 0", postgresql_not_valid=True)',
    untold: ["check-validates"],
  },
  {
    upgrade: 'op.execute("ALTER TABLE shop VALIDATE CONSTRAINT price_ok")',
    untold: ["validate-in-same-transaction", "blocking-work"],
  },
  {
    upgrade: 'op.create_foreign_key(None, "lead", "shop", ["id"], ["id"], source_schema="crm")',
    told: ["foreign-key-validates"],
  },
  {
    upgrade: 'op.drop_constraint("visit_shop", "visit", type_="foreignkey")',
    told: ["drop-foreign-key-locks-both"],
  },
  { upgrade: 'op.rename_table("tag", "label")', told: ["rename-table"] },
  {
    upgrade: 'op.execute(sa.text("UPDATE shop SET city = :c").bindparams(c="x"))',
    told: ["change-without-where"],
  },
  {
    upgrade: `op.add_column("visit", sa.Column("kind", sa.String(10)))
visit = sa.table("visit", sa.column("kind", sa.String))
op.execute(visit.update().values(kind="x").where(visit.c.kind.is_(None)))`,
    told: ["backfill-in-ddl-transaction"],
  },
  {
    upgrade: 'op.get_bind().execute(sa.text("CREATE INDEX ix_visit_kind ON visit (kind)"))',
    told: ["index-not-concurrent"],
  },
  {
    upgrade: 'op.get_bind().exec_driver_sql("ALTER TABLE visit ALTER COLUMN kind SET NOT NULL")',
    told: ["set-not-null-scans"],
    needsServer: true,
  },
  {
    upgrade: `with op.get_context().autocommit_block():
    op.execute("ALTER TYPE visit_state ADD VALUE IF NOT EXISTS 'lost'")`,
    told: ["enum-value-added"],
  },
  {
    upgrade: `for table in ("shop", "visit"):
    op.add_column(table, sa.Column("owner", sa.String(10)))
    op.create_index(f"ix_{table}_owner", table, ["owner"])`,
    told: ["index-not-concurrent", "work-under-lock"],
  },
  {
    upgrade: `op.execute("""
    -- two at once
    ALTER TABLE shop ADD COLUMN fax text;
    CREATE INDEX ix_shop_fax ON shop (fax);
""")`,
    told: ["index-not-concurrent", "work-under-lock"],
    untold: ["blocking-work"],
  },
  {
    upgrade: `op.execute("""
    DO $$ BEGIN
      ALTER TABLE shop ADD COLUMN web text;
      CREATE INDEX ix_shop_web ON shop (web);
    END $$
""")`,
    told: ["index-not-concurrent", "work-under-lock"],
    untold: ["blocking-work"],
  },
  {
    upgrade: 'op.execute(sa.DDL("ALTER TABLE shop ALTER COLUMN fax TYPE varchar(10)"))',
    told: ["type-change-rewrites"],
  },
  {
    head: 'def add(op):\n    op.create_index("ix_made", "shop", ["made"])',
    upgrade: "add(op)",
    told: ["index-not-concurrent"],
  },
  {
    upgrade: `if sa.inspect(op.get_bind()).has_table("shop"):
    op.add_column("shop", sa.Column("wide", sa.Integer(), nullable=False))`,
    told: ["required-column"],
    needsServer: true,
  },
  {
    upgrade: `op.create_table("fresh", sa.Column("id", sa.Integer, primary_key=True), sa.Column("shop_id", sa.Integer, sa.ForeignKey("shop.id"), index=True), sa.CheckConstraint("id > 0"), sa.UniqueConstraint("shop_id"))
op.add_column("fresh", sa.Column("x", sa.Integer(), nullable=False))
op.alter_column("fresh", "x", type_=sa.BigInteger())
op.execute("INSERT INTO fresh (id, x) VALUES (1, 2)")`,
    told: ["foreign-key-locks-referenced"],
    untold: ["index-not-concurrent", "required-column", "type-change-rewrites", "work-under-lock"],
  },
  {
    upgrade: `op.execute("CREATE TABLE visit_new (LIKE visit INCLUDING ALL)")
op.execute("INSERT INTO visit_new SELECT * FROM visit")
op.drop_table("visit")
op.rename_table("visit_new", "visit")`,
    told: ["drop-table"],
    untold: ["rename-table"],
  },
  {
    head: POSTGRESQL,
    upgrade: `state = postgresql.ENUM("a", "b", name="fresh_state")
state.create(op.get_bind())
op.add_column("shop", sa.Column("st", state, server_default="a", nullable=False))`,
    untold: ["enum-value-added", "required-column", "volatile-default"],
  },
  {
    head: POSTGRESQL,
    upgrade: 'op.alter_column("shop", "extra", type_=postgresql.JSONB(), postgresql_using="extra::jsonb")',
    told: ["type-change-rewrites"],
  },
  { upgrade: 'op.alter_column("shop", "made", server_default=None)', told: ["drop-default"] },
  {
    upgrade: 'op.create_exclude_constraint("one_city", "shop", ("city", "="), using="btree")',
    told: ["exclusion-constraint"],
  },
  {
    upgrade: `op.execute("COMMIT")
op.execute("CREATE INDEX CONCURRENTLY ix_price ON shop (price)")`,
    untold: ["index-not-concurrent"],
  },
  {
    upgrade: `op.execute("SET lock_timeout = '2s'")
op.add_column("shop", sa.Column("t1", sa.Integer()))`,
    untold: ["no-lock-timeout"],
  },
  {
    upgrade: 'op.create_table_comment("shop", "x")\nop.alter_column("shop", "price", comment="y")',
    untold: ["type-change-rewrites", "set-not-null-scans", "type-change-breaks-code"],
  },
];

const idOf = (index: number): string => `r${String(index).padStart(3, "0")}`;

interface Told {
  readonly revision: string;
  readonly rule: string;
  readonly severity: string;
}

let project: AlembicProject;
beforeAll(async () => {
  const files = SPELLINGS.map(({ upgrade, head }, index) => [
    `migrations/versions/${idOf(index)}.py`,
    revisionFile(idOf(index), index === 0 ? null : idOf(index - 1), upgrade, head),
  ]);
  project = await alembicProject({
    "migrations/env.py": envPy({ configure: "transaction_per_migration=True" }),
    ...Object.fromEntries(files),
  });
});
afterAll(() => project.remove());

function findingsOf(...options: readonly string[]): Promise<readonly Told[]> {
  const args = [join(dist, "augeo-gate.js"), "alembic", ".", "--python", pythonPath(), "--json", ...options];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: project.folder, maxBuffer: 1e8 }, (_, stdout, stderr) => {
      try {
        resolve((JSON.parse(stdout) as { findings: Told[] }).findings);
      } catch {
        reject(new Error(stderr));
      }
    });
  });
}

function wrongIn(findings: readonly Told[], judged: readonly Spelling[]): string[] {
  return judged.flatMap((spelling) => {
    const id = idOf(SPELLINGS.indexOf(spelling));
    const rules = findings.filter(({ revision, severity }) => revision === id && severity !== "none");
    const isTold = (name: string) => rules.some(({ rule }) => rule === name);
    return [
      ...(spelling.told ?? []).filter((name) => !isTold(name)).map((name) => `${id} misses ${name}`),
      ...(spelling.untold ?? []).filter(isTold).map((name) => `${id} tells ${name}`),
    ].map((fault) => `${fault}: ${spelling.upgrade}`);
  });
}

test("a revision that is run is judged by what it does, however it is spelled", async () => {
  expect(wrongIn(await findingsOf("--server-url", await database()), SPELLINGS)).toEqual([]);
});

test("one that is only read is judged alike, as far as Alembic can print it", async () => {
  const printed = SPELLINGS.filter(({ needsServer }) => needsServer !== true);
  const findings = await findingsOf("--no-rehearsal");
  expect(wrongIn(findings, printed)).toEqual([]);
  const unsafe = findings.filter(({ rule }) => rule === "offline-unsafe").map(({ revision }) => revision);
  expect(unsafe).toEqual(SPELLINGS.flatMap(({ needsServer }, index) => (needsServer ? [idOf(index)] : [])));
});
