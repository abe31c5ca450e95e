import type { Revision } from "@augeo/migrations";
import type { PythonFailure } from "./alembic-events.ts";
import type { InvalidIndex } from "./database-session.ts";
import type { FailureReport } from "./migration-outcome.ts";
import type { AlembicProject } from "./read-project.ts";
import type { RunningRevision } from "./upgrade-run.ts";

export interface FailureFacts {
  failure: PythonFailure;
  project: AlembicProject;
  targets: readonly string[];
  databaseUrlEnv: string;
  /** Where the database is now. */
  now: readonly string[];
  /** Ids that were applied in this run and are committed. */
  committed: readonly string[];
  seen: ReadonlyMap<string, RunningRevision>;
  /** Indexes that were valid or absent before the run. */
  invalidIndexes: readonly InvalidIndex[];
  clean: (text: string) => string;
}

export function reportFailure(facts: FailureFacts): FailureReport {
  const { failure, project, clean } = facts;
  const revision = project.revisions.find(({ id }) => id === failure.revision);
  return {
    revision: failure.revision,
    file: revision?.file ?? failure.frame?.file ?? null,
    line: lineIn(revision, failure),
    sqlstate: failure.sqlstate,
    message: clean(failure.primary ?? firstLine(failure)),
    detail: cleanOrNull(failure.detail, clean),
    hint: cleanOrNull(failure.hint, clean),
    statement: cleanOrNull(failure.statement, clean),
    state: describeState(facts, revision),
    command: continueCommand(project, facts.targets, facts.databaseUrlEnv),
    invalidIndexes: facts.invalidIndexes,
  };
}

function firstLine({ type, message }: PythonFailure): string {
  const [line] = message.trim().split("\n");
  return line === undefined || line === "" ? type : `${type}: ${line}`;
}

function cleanOrNull(text: string | null, clean: (text: string) => string): string | null {
  return text === null ? null : clean(text);
}

function lineIn(revision: Revision | undefined, { frame }: PythonFailure): number | null {
  if (frame === null) return revision === undefined ? null : 1;
  if (revision === undefined || frame.file.endsWith(revision.file.split("/").at(-1) ?? "")) return frame.line;
  return 1;
}

function describeState(
  { now, committed, seen, failure, invalidIndexes, clean }: FailureFacts,
  revision: Revision | undefined,
): string {
  const at = now.length === 0 ? "no revision" : now.join(", ");
  const kept = committed.length === 0 ? "Nothing of this run was kept" : `Applied and kept: ${committed.join(", ")}`;
  const sentences = [`The database is at ${at}.`, `${kept}; revision ${failure.revision ?? "?"} was rolled back.`];
  if (revision?.operations.some(({ autocommit, function: name }) => autocommit && name !== "downgrade")) {
    const finished = seen.get(revision.id)?.finished ?? [];
    sentences[1] = `${kept}. Revision ${revision.id} uses autocommit_block, so what it did before the failure may have stayed${finished.length === 0 ? "." : `: ${clean(finished.map(oneLine).join("; "))}.`}`;
  }
  for (const { index, table } of invalidIndexes) {
    sentences.push(
      `A failed concurrent build left the INVALID index ${index} on ${table}: DROP INDEX CONCURRENTLY ${index}; before going on.`,
    );
  }
  return sentences.join(" ");
}

function oneLine(sql: string): string {
  return sql.replaceAll(/\s+/g, " ").trim().slice(0, 200);
}

/** Run in the project's directory; the address stays in the environment. */
export function continueCommand(
  project: Pick<AlembicProject, "directory" | "config">,
  targets: readonly string[],
  databaseUrlEnv: string,
): string {
  const upgrade = `${databaseUrlEnv}=… python -m alembic -c ${project.config} upgrade`;
  return targets.map((target) => `${upgrade} ${target}`).join(" && ");
}
