import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createDatabaseOn } from "../../../packages/rehearsal/src/postgres.ts";
import { pythonPath } from "../../../packages/rehearsal/src/python.ts";
import { announcedServers } from "../../../packages/rehearsal/src/servers.ts";
import { type MainRun, type RunOptions, runAction } from "../../support/run-action.ts";
import { type AlembicProject, alembicProject, envPy, revisionFile } from "./alembic-project.ts";

const projects: AlembicProject[] = [];

/** Removes the folders of all projects made so far. */
export async function removeProjects(): Promise<void> {
  await Promise.all(projects.splice(0).map((project) => project.remove()));
}

const run = promisify(execFile);
export const PER_REVISION = { "migrations/env.py": envPy({ configure: "transaction_per_migration=True" }) };

/** Git in a project's folder. */
export const gitIn = (project: AlembicProject, ...args: string[]) =>
  run("git", ["-C", project.folder, "-c", "user.name=a", "-c", "user.email=a@example.com", ...args]);

/** A repository whose base branch has `base`, and whose work tree stands on a branch that adds `added`. */
export async function change(base: Record<string, string>, added: Record<string, string>): Promise<AlembicProject> {
  const project = await alembicProject({ ...PER_REVISION, ...base });
  projects.push(project);
  await gitIn(project, "init", "-q", "-b", "main");
  await gitIn(project, "add", "-A");
  await gitIn(project, "commit", "-qm", "base");
  await gitIn(project, "checkout", "-qb", "feature");
  for (const [path, content] of Object.entries(added)) await project.write(path, content);
  await gitIn(project, "add", "-A");
  await gitIn(project, "commit", "-qm", "feature", "--allow-empty");
  return project;
}

export async function database(): Promise<string> {
  const servers = announcedServers();
  if (servers === undefined) throw new Error("the test run has not started PostgreSQL");
  return (await createDatabaseOn(servers.postgresUrl)).replace("postgresql:", "postgresql+psycopg:");
}

/** Runs the gate's check on a project against its branch main. */
export async function check(
  project: AlembicProject,
  inputs: Record<string, string> = {},
  more: Partial<RunOptions> = {},
): Promise<MainRun> {
  const given = {
    since: "main",
    "github-token": "x",
    python: pythonPath(),
    "rehearsal-database-url": await database(),
    ...inputs,
  };
  return runAction("migration-gate", { inputs: given, workspace: project.folder, ...more });
}

export function revision(id: string, parent: string, upgrade: string, downgrade = "pass"): Record<string, string> {
  const file = revisionFile(id, parent, upgrade).replace(/pass\n$/, `${downgrade}\n`);
  return { [`migrations/versions/${id}.py`]: file };
}
