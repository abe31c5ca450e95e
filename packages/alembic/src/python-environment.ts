import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { UsageError } from "@augeo/release";

/** Environment variables, as of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Which interpreter runs the project: the given one, the active or a nearby virtual environment, or the PATH's. */
export async function findPython(directory: string, given: string | undefined, env: Environment): Promise<string> {
  if (given !== undefined && given !== "") return givenPython(directory, given, env);
  const environments = [env.VIRTUAL_ENV, join(directory, ".venv"), join(directory, "venv")];
  for (const home of environments) {
    if (home === undefined || home === "") continue;
    const path = join(home, ...inside);
    if (await isExecutable(path)) return path;
  }
  const found = (await onPath("python3", env)) ?? (await onPath("python", env));
  if (found !== undefined) return found;
  throw new UsageError({
    what: "There is no Python.",
    why: `No virtual environment is active, none is in ${directory} (.venv, venv), and neither python3 nor python is on the PATH.`,
    fix: "Install Python with the project's packages (in a workflow: actions/setup-python before this step), or name the interpreter: the input python, or augeo-gate --python.",
  });
}

const inside = process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];

async function givenPython(directory: string, given: string, env: Environment): Promise<string> {
  const isPath = given.includes("/") || given.includes("\\");
  const path = isPath ? join(given.startsWith("/") ? "" : directory, given) : await onPath(given, env);
  if (path !== undefined && (await isExecutable(path))) return path;
  throw new UsageError({
    what: `The input python names ${given}, which cannot be run.`,
    why: isPath ? `There is no executable file at ${path}.` : "It is not on the PATH.",
    fix: "Set python to the interpreter of the environment that has the project's packages, such as .venv/bin/python, or leave it out.",
  });
}

async function onPath(name: string, env: Environment): Promise<string | undefined> {
  for (const folder of (env.PATH ?? "").split(delimiter)) {
    const path = join(folder, name);
    if (folder !== "" && (await isExecutable(path))) return path;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Runs a short program to its end. Rejects with the last lines of its standard error. */
export function runPython(
  python: string,
  args: readonly string[],
  directory: string,
  env: Environment,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd: directory, env: { ...env }, maxBuffer: 512 * 1024 * 1024 };
    execFile(python, [...args], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(stderr.trim().split("\n").slice(-5).join("\n") || error.message, { cause: error }));
    });
  });
}
