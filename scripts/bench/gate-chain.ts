import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const INI = `[alembic]
script_location = migrations
prepend_sys_path = .
sqlalchemy.url = driver://user:pass@localhost/dbname
`;

const ENV = `import os
from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(os.environ["DATABASE_URL"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=None, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
`;

/** A project whose chain of revisions, r000 and so on, makes a table and gives it nine columns, again and again. */
export async function writeChain(
  folder: string,
  length: number,
  { downgrades }: { readonly downgrades: boolean },
): Promise<string> {
  const versions = join(folder, "migrations", "versions");
  await mkdir(versions, { recursive: true });
  await writeFile(join(folder, "alembic.ini"), INI);
  await writeFile(join(folder, "migrations", "env.py"), ENV);
  for (let index = 0; index < length; index++) {
    await writeFile(join(versions, `${idOf(index)}.py`), revision(index, downgrades));
  }
  return folder;
}

const idOf = (index: number): string => `r${String(index).padStart(3, "0")}`;

function revision(index: number, downgrades: boolean): string {
  const [table, column] = [`t${Math.trunc(index / 10)}`, index % 10];
  const [up, down] =
    column === 0
      ? [
          `op.create_table("${table}", sa.Column("id", sa.Integer, primary_key=True), sa.Column("email", sa.String(50)))`,
          `op.drop_table("${table}")`,
        ]
      : [`op.add_column("${table}", sa.Column("c${column}", sa.Integer))`, `op.drop_column("${table}", "c${column}")`];
  const back = downgrades ? `\n\ndef downgrade():\n    ${down}\n` : "";
  return `"""${idOf(index)}"""
import sqlalchemy as sa
from alembic import op

revision = "${idOf(index)}"
down_revision = ${index === 0 ? "None" : `"${idOf(index - 1)}"`}


def upgrade():
    ${up}
${back}`;
}
