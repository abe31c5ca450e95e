import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { findServers, type RehearsalRequest, readProject, rehearse, startEphemeralServer } from "@augeo/alembic";
import { EMPTY_SCHEMA, judgeRevision } from "@augeo/migrations";
import { pythonPath, startCloud } from "@augeo/rehearsal";
import { loadSqlParser } from "@augeo/sql-parser";
import { writeChain } from "./gate-chain.ts";
import { measureAction, median, progress, round } from "./measured-run.ts";
import { bareNode } from "./start-up.ts";

const run = promisify(execFile);
const REPEATS = 3;
const [CHAIN, NEW] = [150, 10];

/** What the migration gate costs, each beside the plain tool that does the same work without judging it. */
export async function benchGate(dist: string, folder: string): Promise<object> {
  progress("gate: SQL");
  const sql = await medianBy(benchSql, ({ seconds }) => seconds);
  progress("gate: tracing");
  const tracing = await medianBy(
    () => benchTracing(folder),
    ({ timesPlain }) => timesPlain,
  );
  progress("gate: rehearsal");
  const rehearsal = await medianBy(
    () => benchRehearsal(dist, folder),
    ({ timesPlain }) => timesPlain,
  );
  progress("gate: no migration");
  return { sql, tracing, rehearsal, unchanged: await benchUnchanged(dist, folder) };
}

async function medianBy<T>(measure: () => Promise<T>, key: (figures: T) => number): Promise<T> {
  const first = await measure();
  const all = [first];
  while (all.length < REPEATS) all.push(await measure());
  const middle = median(all.map(key));
  return all.find((figures) => key(figures) === middle) ?? first;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
}

/** Each revision's SQL read and judged on the schema that those before it leave, the parser's own start included. */
async function benchSql() {
  const revisions = Array.from({ length: 900 }, (_, index) => sqlOf(index));
  let statements = 0;
  const took = await seconds(async () => {
    const parser = await loadSqlParser();
    let schema = EMPTY_SCHEMA;
    for (const sql of revisions) {
      const read = parser.statements(sql);
      statements += read.length;
      ({ schema } = judgeRevision({ statements: read, schema, options: { inTransaction: true } }));
    }
  });
  return { revisions: revisions.length, statements, seconds: round(took, 2) };
}

function sqlOf(index: number): string {
  const table = `t${Math.trunc(index / 6)}`;
  const kinds = [
    `CREATE TABLE ${table} (id BIGSERIAL NOT NULL, email VARCHAR(90), team_id INTEGER, PRIMARY KEY (id));`,
    `ALTER TABLE ${table} ADD COLUMN active BOOLEAN DEFAULT true NOT NULL;`,
    `CREATE INDEX ix_${table}_email ON ${table} (lower(email));`,
    `ALTER TABLE ${table} ADD CONSTRAINT fk_${table} FOREIGN KEY (team_id) REFERENCES t0 (id) NOT VALID;`,
    `UPDATE ${table} SET active = false WHERE email IS NULL;`,
    `ALTER TABLE ${table} ALTER COLUMN email TYPE VARCHAR(120);`,
  ];
  return `SET lock_timeout = '2s';\n${kinds[index % kinds.length]}\nUPDATE alembic_version SET version_num = 'r${index}';\n`;
}

async function withServer<T>(work: (url: string) => Promise<T>): Promise<T> {
  const [binaries] = await findServers(process.env);
  if (binaries === undefined) throw new Error("There is no PostgreSQL server on this machine. Fix: install one.");
  const server = await startEphemeralServer(binaries);
  try {
    return await work(server.url.replace("postgresql:", "postgresql+psycopg:"));
  } finally {
    await server.close();
  }
}

const upgrade = (project: string, url: string): Promise<number> =>
  seconds(() =>
    run(pythonPath(), ["-m", "alembic", "upgrade", "head"], {
      cwd: project,
      env: { ...process.env, DATABASE_URL: url },
    }),
  );

/** Without a downgrade there is no way back to try: what is left is the upgrade and what watches it. */
async function benchTracing(folder: string) {
  const path = await writeChain(join(folder, "traced"), 100, { downgrades: false });
  const plain = await withServer((url) => upgrade(path, url));
  const project = await readProject({ directory: path, python: pythonPath() }, process.env);
  const revisions = [...project.revisions].sort((a, b) => (a.id < b.id ? -1 : 1));
  const traced = await rehearsed({ project, base: [], revisions });
  return {
    revisions: revisions.length,
    tracedSeconds: round(traced, 2),
    plainSeconds: round(plain, 2),
    timesPlain: round(traced / plain, 1),
  };
}

function rehearsed(what: Pick<RehearsalRequest, "project" | "base" | "revisions">): Promise<number> {
  const signal = new AbortController().signal;
  return withServer((url) =>
    seconds(async () => {
      const databaseUrl = url.replace("+psycopg", "");
      const outcome = await rehearse({
        ...what,
        databaseUrl,
        databaseUrlEnv: "DATABASE_URL",
        env: process.env,
        signal,
      });
      const isWhole = outcome.kind === "rehearsed" && outcome.revisions.every(({ failure }) => failure === null);
      if (!isWhole) throw new Error(`The chain was not run whole: ${JSON.stringify(outcome).slice(0, 500)}`);
    }),
  );
}

async function benchRehearsal(dist: string, folder: string) {
  const path = await writeChain(join(folder, "chain"), CHAIN + NEW, { downgrades: true });
  const plain = await withServer((url) => upgrade(path, url));
  const from = `r${String(CHAIN - 1).padStart(3, "0")}`;
  const args = [join(dist, "augeo-gate.js"), "alembic", path, "--from", from, "--python", pythonPath(), "--json"];
  let mode: unknown;
  const whole = await seconds(async () => {
    const { stdout } = await run(process.execPath, args, { maxBuffer: 1e8 });
    ({ mode } = JSON.parse(stdout));
  });
  if (mode !== "rehearsed") throw new Error("The new revisions were read, not run.");
  return {
    revisions: NEW,
    chain: CHAIN,
    seconds: round(whole, 2),
    plainSeconds: round(plain, 2),
    timesPlain: round(whole / plain, 1),
  };
}

/** The action on a branch that adds a file beside the migrations. */
async function benchUnchanged(dist: string, folder: string) {
  const path = await writeChain(join(folder, "unchanged"), CHAIN, { downgrades: true });
  const git = (...args: string[]) =>
    run("git", ["-C", path, "-c", "user.name=a", "-c", "user.email=a@example.com", ...args]);
  await git("init", "-q", "-b", "main");
  await git("add", "-A");
  await git("commit", "-qm", "base");
  await git("checkout", "-qb", "feature");
  await git("commit", "-qm", "feature", "--allow-empty");
  const bare = await bareNode();
  const cloud = await startCloud({ postgres: "none", blob: "none" });
  try {
    const inputs = { since: "main", python: pythonPath(), "github-token": cloud.inputs["github-token"] };
    const measured = () =>
      measureAction(join(dist, "migration-gate", "index.js"), cloud, inputs, { GITHUB_WORKSPACE: path });
    await measured();
    const runs = [await measured(), await measured(), await measured()];
    const reasons = new Set(runs.map(({ reason }) => reason));
    const wall = median(runs.map((one) => one.wall));
    return { reason: [...reasons].join(), ms: round(wall), timesBareNode: round(wall / bare, 1) };
  } finally {
    await cloud.close();
  }
}
