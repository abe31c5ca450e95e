import { resolve } from "node:path";
import type { ReadingFault, Revision, RevisionFunction } from "@augeo/migrations";
import { UsageError } from "@augeo/release";
import { type Fields, fieldsOf, listIn, numberIn, textIn, textOrNull, textsIn } from "./decode.ts";
import { readRevisionsProgram } from "./programs/read-revisions.ts";
import { type Environment, findPython, runPython } from "./python-environment.ts";

/** A project's migrations as its files declare them; nothing of the project was run. */
export interface AlembicProject {
  python: string;
  /** The directory asked for. */
  root: string;
  /** Where Alembic is started: relative script locations count from here. */
  directory: string;
  /** Configuration file, from `directory`. */
  config: string;
  locations: readonly string[];
  /** Folder of `env.py`, from the directory asked for. */
  scripts: string;
  /** What the configuration leaves to the project's own tools: `script_location`, `version_locations`. */
  options: Readonly<Record<string, string>>;
  revisions: readonly Revision[];
  faults: readonly ReadingFault[];
}

export interface ReadOptions {
  directory: string;
  /** `alembic.ini` or `pyproject.toml`, from `directory`; looked for when left out. */
  config?: string | undefined;
  /** Section of the configuration: `alembic`. */
  section?: string | undefined;
  python?: string | undefined;
}

/** @throws UsageError without Python, configuration or script directory. */
export async function readProject(given: ReadOptions, env: Environment): Promise<AlembicProject> {
  const options = { ...given, directory: resolve(given.directory) };
  const python = await findPython(options.directory, options.python, env);
  const args = [
    "-I",
    "-c",
    readRevisionsProgram,
    options.directory,
    options.config ?? "",
    options.section ?? "alembic",
  ];
  const answer = fieldsOf(JSON.parse(await runReader(python, args, options.directory, env)), "the reader's answer");
  if (answer.refusal !== undefined) throw explainRefusal(fieldsOf(answer.refusal, "refusal"), options);
  return {
    python,
    root: options.directory,
    directory: textIn(answer, "directory"),
    config: textIn(answer, "config"),
    locations: textsIn(answer, "locations"),
    scripts: textIn(answer, "scripts"),
    options: optionsOf(answer.options),
    revisions: listIn(answer, "revisions").map(revisionOf),
    faults: listIn(answer, "faults").map(faultOf),
  };
}

async function runReader(
  python: string,
  args: readonly string[],
  directory: string,
  env: Environment,
): Promise<string> {
  try {
    return await runPython(python, args, directory, env);
  } catch (cause) {
    throw new UsageError({
      what: `${python} could not read the revisions.`,
      why: cause instanceof Error ? cause.message : String(cause),
      fix: "Python 3.9 or newer is needed; set the input python to one.",
      cause,
    });
  }
}

function explainRefusal(refusal: Fields, { directory, section }: ReadOptions): UsageError {
  const looked = textsIn(refusal, "looked").join(", ");
  const near = textsIn(refusal, "near");
  const file = textOrNull(refusal, "file") ?? "?";
  const location = textOrNull(refusal, "location") ?? "?";
  switch (textIn(refusal, "kind")) {
    case "no-config":
      return new UsageError({
        what: `There is no Alembic configuration in ${directory}.`,
        why: `Looked for ${looked}${near.length > 0 ? `; there is ${near.join(" and ")}` : ""}.`,
        fix:
          near[0] === undefined
            ? "Check the code out before this step, or set alembic-config to the path of alembic.ini (or of a pyproject.toml with [tool.alembic])."
            : `Set alembic-config: ${near[0]}, or, where that folder is the app, name the folder instead: package for a release, else working-directory.`,
      });
    case "no-script-location":
      return new UsageError({
        what: `${file} does not say where the migrations are.`,
        why: `It has no script_location in [${section ?? "alembic"}].`,
        fix: "Add script_location = the folder that holds env.py and versions/.",
      });
    case "no-scripts":
      return new UsageError({
        what: `There is no migration environment at ${location}.`,
        why: `${file} names it as script_location, and there is no env.py (looked in ${looked}).`,
        fix: "Correct script_location, or commit the folder with env.py and versions/.",
      });
    default:
      return new UsageError({
        what: `${file} cannot be read.`,
        why: textOrNull(refusal, "message") ?? "unknown",
        fix: "Correct the file; a percent sign in alembic.ini is written %%.",
      });
  }
}

const optionsOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fieldsOf(value, "options")).flatMap(([name, text]) =>
      typeof text === "string" ? [[name, text]] : [],
    ),
  );

function faultOf(value: unknown): ReadingFault {
  const fields = fieldsOf(value, "fault");
  return {
    kind: textIn(fields, "kind") as ReadingFault["kind"],
    file: textIn(fields, "file"),
    line: numberIn(fields, "line"),
    message: textIn(fields, "message"),
  };
}

/** The reader is ours and came with us: its identity fields are checked, its operations taken as they are. */
function revisionOf(value: unknown): Revision {
  const fields = fieldsOf(value, "revision");
  return {
    id: textIn(fields, "id"),
    downRevisions: textsIn(fields, "downRevisions"),
    dependsOn: textsIn(fields, "dependsOn"),
    branchLabels: textsIn(fields, "branchLabels"),
    message: textIn(fields, "message"),
    file: textIn(fields, "file"),
    line: numberIn(fields, "line"),
    contentHash: textIn(fields, "contentHash"),
    operations: listIn(fields, "operations") as Revision["operations"],
    imports: listIn(fields, "imports") as Revision["imports"],
    upgrade: (fields.upgrade ?? null) as RevisionFunction | null,
    downgrade: (fields.downgrade ?? null) as RevisionFunction | null,
    ignores: listIn(fields, "ignores") as Revision["ignores"],
  };
}
