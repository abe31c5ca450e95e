import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** The interpreter of the environment that set-up prepared: it has FastAPI, uvicorn, SQLAlchemy, Alembic and psycopg. */
export function pythonPath(): string {
  const path = process.env.AUGEO_PYTHON ?? join(repository, ".rehearsal", "venv", "bin", "python");
  if (existsSync(path)) return path;
  throw new Error(`There is no Python environment at ${path}. Make it with: node scripts/with-setup.mjs --version`);
}

/** The folder of that environment's commands (`alembic`, `uvicorn`), to be put first on a child's PATH. */
export function pythonCommands(): string {
  return dirname(pythonPath());
}
