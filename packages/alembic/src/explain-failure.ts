import { ServiceError, UsageError } from "@augeo/release";
import type { PythonFailure } from "./alembic-events.ts";
import type { DatabaseAddress } from "./database-address.ts";

export interface Surroundings {
  python: string;
  directory: string;
  address: DatabaseAddress;
  databaseUrlEnv: string;
  clean: (text: string) => string;
}

const drivers = new Set(["psycopg", "psycopg2", "asyncpg", "pg8000", "psycopg2cffi"]);

/**
 * Why Alembic never got to a revision: its own faults, the environment's, env.py's. Nothing was changed.
 * Failures inside a revision are outcomes and are not explained here.
 */
export function explainFailure(failure: PythonFailure, around: Surroundings): UsageError | ServiceError {
  return (
    explainImport(failure, around) ??
    explainStop(failure, around) ??
    explainDatabase(failure, around) ??
    explainEnvironment(failure, around)
  );
}

function explainImport(
  { during, missing, frame, traceback }: PythonFailure,
  around: Surroundings,
): UsageError | undefined {
  if (missing === null) return undefined;
  const module = missing.split(".")[0] ?? missing;
  const where = frame === null ? "" : ` (${frame.file}, line ${frame.line})`;
  if (during === "load") {
    return new UsageError({
      what: `${around.python} has no ${module === "sqlalchemy" ? "SQLAlchemy" : "Alembic"}.`,
      why: `import ${module} failed: this interpreter is not the one that has the project's packages.`,
      fix: "Install the project's requirements before this step (pip install -r requirements.txt), or name the interpreter that has them, such as .venv/bin/python: the input python, or augeo-gate --python.",
    });
  }
  const driver = drivers.has(module);
  return new UsageError({
    what: driver
      ? `The database driver ${module} is not installed.`
      : `The migrations import ${missing}, which is not installed${where}.`,
    why: around.clean(traceback.slice(-3).join("\n")),
    fix: driver
      ? `Install it into ${around.python} (pip install ${module === "psycopg" ? '"psycopg[binary]"' : module}), or name the driver you have in ${around.databaseUrlEnv}: postgresql+psycopg://…`
      : `Install the project's packages into ${around.python}, or correct the import.`,
  });
}

/** What our own program refused, or Alembic said in words of its own (`CommandError`). */
function explainStop(failure: PythonFailure, { clean }: Surroundings): UsageError | undefined {
  if (failure.type === "Stop") {
    return new UsageError({
      what: `${capital(failure.message)}.`,
      why: "The gate drives the project's own env.py and has to see one PostgreSQL database through it.",
      fix: "Have env.py call context.configure(connection=…) and context.run_migrations() once, on the database the environment variable names.",
    });
  }
  if (failure.type !== "CommandError") return undefined;
  return new UsageError({
    what: `Alembic refused: ${clean(failure.message)}`,
    why: "It could not make sense of the configuration or of the revisions.",
    fix: "Run alembic history and alembic heads in the project; correct what they show.",
  });
}

/** The gate's own connection worked, so env.py goes somewhere else, or with something else. */
function explainDatabase(failure: PythonFailure, around: Surroundings): ServiceError | undefined {
  if (
    !failure.parents.includes("OperationalError") &&
    failure.sqlstate === null &&
    !/InterfaceError|OSError|ConnectionError/.test(failure.parents.join())
  ) {
    return undefined;
  }
  return new ServiceError({
    service: "PostgreSQL",
    operation: "the project's own connection",
    code: failure.sqlstate ?? undefined,
    what: `env.py could not work with the database, which the gate itself reached at ${around.address.shown}.`,
    why: around.clean(lastLines(failure.message, 4)),
    fix: `Let env.py take its address from ${around.databaseUrlEnv} (or sqlalchemy.url), which this action sets; set database-url-env if the project reads another variable.`,
  });
}

function explainEnvironment(failure: PythonFailure, { clean }: Surroundings): UsageError {
  const place = failure.frame === null ? "env.py" : `${failure.frame.file}, line ${failure.frame.line}`;
  return new UsageError({
    what: `The migration environment failed before any migration ran: ${failure.type} at ${place}.`,
    why: clean([failure.message, ...failure.traceback.slice(-8)].filter((line) => line !== "").join("\n")),
    fix: "Make alembic current work in the project with the same environment variables; the lines above are Python's own.",
  });
}

function lastLines(text: string, count: number): string {
  return text.trim().split("\n").slice(0, count).join("\n");
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
