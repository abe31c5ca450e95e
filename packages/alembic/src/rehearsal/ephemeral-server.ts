import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ServerBinaries } from "./server-binaries.ts";

/** A server for one rehearsal, on loopback, its data in a temporary folder. */
export interface EphemeralServer {
  /** Superuser's, database `postgres`. */
  url: string;
  version: string;
  close(): Promise<void>;
}

interface Account {
  uid: number;
  gid: number;
}

const run = promisify(execFile);
const START_TIMEOUT_MS = 30_000;
/** Nothing here is worth surviving a crash. */
const SETTINGS = [
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
  "wal_level=minimal",
  "max_wal_senders=0",
];

/** @throws Error with the server's own last words when it does not start. */
export async function startEphemeralServer(binaries: ServerBinaries): Promise<EphemeralServer> {
  const account = await serverAccount();
  const home = await mkdtemp(join(tmpdir(), "augeo-postgres-"));
  try {
    const [port, password] = [await freePort(), randomBytes(18).toString("base64url")];
    const data = await initialise(home, binaries, password, account);
    const child = await launch(binaries, data, port, account);
    const url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
    return { url, version: binaries.version, close: () => stop(child, home) };
  } catch (error) {
    await rm(home, { recursive: true, force: true });
    throw error;
  }
}

/** PostgreSQL refuses to run as root: in a container job it runs as the account that owns nothing. */
async function serverAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all(["-u", "-g"].map((flag) => run("id", [flag, "nobody"])));
  return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

function environment(account: Account | undefined, cwd: string) {
  return { cwd, env: { LC_ALL: "C", PATH: process.env.PATH }, ...account };
}

async function initialise(
  home: string,
  { folder }: ServerBinaries,
  password: string,
  account: Account | undefined,
): Promise<string> {
  const [data, passwordFile] = [join(home, "data"), join(home, "password")];
  await chmod(home, 0o711);
  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account !== undefined)
    await Promise.all([data, passwordFile].map((path) => chown(path, account.uid, account.gid)));
  const args = ["-D", data, "-U", "postgres", "--pwfile", passwordFile, "-A", "scram-sha-256", "-E", "UTF8"];
  await run(join(folder, "initdb"), [...args, "--no-locale", "--no-sync"], environment(account, data));
  return data;
}

async function launch(
  { folder }: ServerBinaries,
  data: string,
  port: number,
  account: Account | undefined,
): Promise<ChildProcess> {
  const flags = SETTINGS.flatMap((setting) => ["-c", setting]);
  const args = ["-D", data, "-p", String(port), "-k", data, "-h", "127.0.0.1", ...flags];
  const child = spawn(join(folder, "postgres"), args, {
    ...environment(account, data),
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  const kill = (): void => void child.kill("SIGQUIT");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  await untilReady(child);
  return child;
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = "";
    const fail = (why: string) => reject(new Error(`PostgreSQL did not start: ${why}. ${log.slice(-2000)}`));
    const timer = setTimeout(() => fail("no answer"), START_TIMEOUT_MS);
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code) => fail(`exit code ${code}`));
    child.stderr?.on("data", (text: Buffer) => {
      if (log.length < 8_000) log += text.toString();
      if (!log.includes("ready to accept connections")) return;
      clearTimeout(timer);
      resolve();
    });
  });
}

async function stop(child: ChildProcess, home: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGQUIT");
    await ended;
  }
  await rm(home, { recursive: true, force: true });
}
