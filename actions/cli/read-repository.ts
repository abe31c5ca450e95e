/** What can be known from the repository itself, so that less has to be asked. Every guess is said. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { azCommand, fieldsOf } from "@augeo/azure";
import type { EnvironmentSettings, Settings } from "../settings/settings.ts";
import { repositoryOf, type Terminal } from "./terminal.ts";

export interface Guess {
  readonly value: string;
  /** Where it was read. */
  readonly from: string;
}

export type Guesses = Readonly<Partial<Record<GuessedKey, Guess>>>;
export type GuessedKey =
  | "repository"
  | "tenant-id"
  | "subscription-id"
  | "package"
  | "health-path"
  | "start-command"
  | "runtime";

/** The repository's root, or the folder itself outside of one. */
export async function rootOf({ folder }: Pick<Terminal, "folder">): Promise<string> {
  return (await git(folder, "rev-parse", "--show-toplevel")) ?? folder;
}

async function git(folder: string, ...args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("git", ["-C", folder, ...args], { maxBuffer: 64 * 1024 * 1024 });
    return stdout.trim();
  } catch {
    return undefined;
  }
}

/** Environments whose database a release would not migrate: the package has migrations, and they name no address. */
export function unmigrated(root: string, { package: folder, environments }: Settings): EnvironmentSettings[] {
  if (!existsSync(join(root, folder, "alembic.ini"))) return [];
  return environments.filter(({ "database-url": url }) => url === undefined);
}

/** The branch that is released: what the remote calls its default, else `main` where there is one, else where one is. */
export async function releasedBranch(root: string): Promise<string> {
  const remote = await git(root, "symbolic-ref", "--short", "refs/remotes/origin/HEAD");
  if (remote !== undefined) return remote.replace(/^origin\//, "");
  if ((await git(root, "rev-parse", "--verify", "--quiet", "refs/heads/main")) !== undefined) return "main";
  return (await git(root, "branch", "--show-current")) || "main";
}

export async function readRepository(root: string, terminal: Terminal): Promise<Guesses> {
  const listed = await git(root, "ls-files", "--cached", "--others", "--exclude-standard");
  const files = (listed ?? "")
    .split("\n")
    .filter((path) => path !== "" && !/(^|\/)(tests?|node_modules|\.venv)\//.test(path));
  const [remote, raw, account] = await Promise.all([
    git(root, "remote", "get-url", "origin"),
    // As it was written, before a rule of git's own (`insteadOf`) leads elsewhere.
    git(root, "config", "--get", "remote.origin.url"),
    azureAccount(terminal),
  ]);
  const repository = repositoryOf(remote ?? "") ?? repositoryOf(raw ?? "");
  return defined({
    repository: repository === undefined ? undefined : { value: repository, from: "git remote origin" },
    "tenant-id": account.tenantId === "" ? undefined : { value: account.tenantId, from: "az account show" },
    "subscription-id": account.id === "" ? undefined : { value: account.id, from: "az account show" },
    ...readSources(root, files),
  });
}

async function azureAccount(terminal: Terminal): Promise<{ id: string; tenantId: string }> {
  try {
    const shown = fieldsOf(JSON.parse(await azCommand(["account", "show", "--output", "json"], terminal)));
    return { id: String(shown.id ?? ""), tenantId: String(shown.tenantId ?? "") };
  } catch {
    // Not installed or not signed in: then it has to be said.
    return { id: "", tenantId: "" };
  }
}

function readSources(root: string, files: readonly string[]): Guesses {
  const alembic = files.find((path) => path.endsWith("alembic.ini"));
  const folder = alembic === undefined ? undefined : dirname(alembic);
  const inPackage = (path: string) => folder === undefined || folder === "." || path.startsWith(`${folder}/`);
  const sources = files
    .filter((path) => path.endsWith(".py") && inPackage(path))
    .slice(0, 2_000)
    .map((path) => ({ path, text: readText(join(root, path)) }));
  return defined({
    package: folder === undefined || alembic === undefined ? undefined : { value: folder, from: alembic },
    "health-path": healthPath(sources),
    "start-command": startCommand(sources, folder ?? ".", readText(join(root, folder ?? ".", "requirements.txt"))),
    runtime: runtimeOf(root, folder ?? "."),
  });
}

interface Source {
  readonly path: string;
  readonly text: string;
}

function readText(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

/** What a path is worth as proof that the app can serve: it must ask for more than whether the process lives. */
const WORTH = [/ready|readiness/, /health/, /live|ping/];

/** Routes that sound like health, with their router's prefix. */
function healthPath(sources: readonly Source[]): Guess | undefined {
  const routes = sources.flatMap(({ path, text }) => {
    const prefix = /APIRouter\([^)]*prefix\s*=\s*["']([^"']*)["']/.exec(text)?.[1] ?? "";
    return [...text.matchAll(/@\w+\.(?:get|api_route)\(\s*["'](\/[^"'{]*)["']/g)].map(([, route = ""]) => ({
      value: `${prefix}${route}`,
      from: path,
    }));
  });
  return WORTH.flatMap((pattern) => routes.filter(({ value }) => pattern.test(value)))[0];
}

/** App Service starts nothing by itself that is a FastAPI app. The built-in image listens on 8000. */
function startCommand(sources: readonly Source[], folder: string, requirements: string): Guess | undefined {
  const source = sources.find(({ text }) => /^\w+\s*(?::[^=]+)?=\s*FastAPI\(/m.test(text));
  if (source === undefined) return undefined;
  const own = /^(\w+)\s*(?::[^=]+)?=\s*FastAPI\(/m.exec(source.text)?.[1] ?? "app";
  // A module that makes another thing named app, such as the API inside a middleware, means that one to be served.
  const name = /^(?:app\s*(?::[^=]+)?=|(?:async )?def app\()/m.test(source.text) ? "app" : own;
  const path = folder === "." ? source.path : source.path.slice(folder.length + 1);
  const module = path.replace(/(?:\/__init__)?\.py$/, "").replaceAll("/", ".");
  const value = /^gunicorn\b/im.test(requirements)
    ? `gunicorn -w 2 -k uvicorn.workers.UvicornWorker -b 0.0.0.0:8000 ${module}:${name}`
    : `python -m uvicorn ${module}:${name} --host 0.0.0.0 --port 8000`;
  return { value, from: source.path };
}

function runtimeOf(root: string, folder: string): Guess | undefined {
  for (const from of [join(folder, ".python-version"), ".python-version"]) {
    const version = /3\.\d+/.exec(readText(join(root, from)))?.[0];
    if (version !== undefined) return { value: `PYTHON|${version}`, from };
  }
  return undefined;
}

function defined(guesses: Readonly<Record<string, Guess | undefined>>): Guesses {
  return Object.fromEntries(Object.entries(guesses).filter(([, guess]) => guess !== undefined)) as Guesses;
}
