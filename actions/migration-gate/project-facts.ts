import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { AlembicProject, Rehearsal } from "@augeo/alembic";
import type { ProjectFacts } from "@augeo/migrations";

/** What env.py and the folders say of the project; what a rehearsal saw of env.py outranks its text. */
export async function projectFacts(
  workingDirectory: string,
  project: AlembicProject,
  rehearsal: Rehearsal | null,
  pending: number,
): Promise<ProjectFacts> {
  const text = await readFile(join(workingDirectory, project.scripts, "env.py"), "utf8").catch(() => "");
  // Ours says nothing of how the project's own env.py opens its transactions.
  const session = rehearsal?.plain == null ? rehearsal?.session : null;
  return {
    transactionPerMigration: session?.perMigration ?? (/transaction_per_migration\s*=\s*True/.test(text) ? true : null),
    opensOwnTransaction: session?.external ?? false,
    paramstyleNamed: /paramstyle["']?\s*[:=]\s*["']named/.test(text),
    appModules: await modulesIn(project),
    pending,
  };
}

/** Packages and modules that lie in the project's folder, the migrations themselves left out. */
async function modulesIn({ directory, scripts }: AlembicProject): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const own = basename(scripts);
  return entries
    .filter(
      (entry) =>
        entry.name !== own && !/^[._]/.test(entry.name) && !["tests", "node_modules", "venv"].includes(entry.name),
    )
    .filter((entry) => entry.isDirectory() || entry.name.endsWith(".py"))
    .map((entry) => entry.name.replace(/\.py$/, ""));
}
