import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface AlembicProject {
  folder: string;
  write(path: string, content: string): Promise<void>;
  remove(): Promise<void>;
}

const INI = `[alembic]
script_location = migrations
prepend_sys_path = .
sqlalchemy.url = driver://user:pass@localhost/dbname
`;

/** Takes its address from the environment; one transaction for all revisions unless told otherwise. */
export function envPy({ variable = "DATABASE_URL", configure = "", before = "" } = {}): string {
  return `import os
from alembic import context
from sqlalchemy import create_engine, pool, text
${before}

def offline():
    context.configure(url=os.environ["${variable}"], literal_binds=True, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()


def online():
    engine = create_engine(os.environ["${variable}"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=None, ${configure})
        with context.begin_transaction():
            context.run_migrations()


offline() if context.is_offline_mode() else online()
`;
}

/** A revision file; \`upgrade\` is Python, one statement a line. */
export function revisionFile(id: string, parent: string | null, upgrade: string, head = ""): string {
  const body = upgrade
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");
  return `"""${id} does its part"""
import time
import sqlalchemy as sa
from alembic import op
${head}
revision = "${id}"
down_revision = ${parent === null ? "None" : `"${parent}"`}


def upgrade():
${body}


def downgrade():
    pass
`;
}

/** A project on disk with the given files over an \`alembic.ini\`, an \`env.py\` and an empty \`versions\` folder. */
export async function alembicProject(files: Readonly<Record<string, string | null>> = {}): Promise<AlembicProject> {
  const folder = await mkdtemp(join(tmpdir(), "augeo-alembic-"));
  const write = async (path: string, content: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  await mkdir(join(folder, "migrations", "versions"), { recursive: true });
  for (const [path, content] of Object.entries({ "alembic.ini": INI, "migrations/env.py": envPy(), ...files })) {
    if (content !== null) await write(path, content);
  }
  return { folder, write, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** \`versions/<id>.py\` for each: a chain of revisions that each make one table, t_<id>. */
export function chain(...ids: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    ids.map((id, index) => [
      `migrations/versions/${id}.py`,
      revisionFile(
        id,
        ids[index - 1] ?? null,
        `op.create_table("t_${id}", sa.Column("id", sa.Integer, primary_key=True))`,
      ),
    ]),
  );
}
