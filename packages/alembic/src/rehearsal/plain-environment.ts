import { join } from "node:path";
import type { PythonFailure } from "../alembic-events.ts";
import type { AlembicProject } from "../read-project.ts";

/**
 * Where the project's env.py cannot be loaded (its packages are not installed, a variable is not set), its revisions can
 * still be run by a plain environment of ours: what they do to the schema seldom depends on env.py. That it was so is
 * part of the verdict.
 */
export const settingsOf = (project: AlembicProject, plain: boolean): Record<string, unknown> => ({
  options: project.options,
  ...(plain ? { plain: true, locations: project.locations.map((location) => join(project.root, location)) } : {}),
});

/** Without Alembic itself nothing runs, and a process that ended ends again. */
export const canGoPlain = ({ during, type }: PythonFailure): boolean => during !== "load" && type !== "ProcessEnded";

export function whyPlain({ type, message, frame }: PythonFailure): string {
  const [line = ""] = message.trim().split("\n");
  const place = frame === null ? "" : ` (${frame.file}, line ${frame.line})`;
  return `env.py was not used, because it does not load here: ${type === "Stop" ? line : `${type}: ${line}`}${place}`;
}

export const withStandIns = (why: string, modules: ReadonlySet<string>): string =>
  modules.size === 0 ? why : `${why}; stand-ins were given for ${[...modules].slice(0, 8).join(", ")}`;
