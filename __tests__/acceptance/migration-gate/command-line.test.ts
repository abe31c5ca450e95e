import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { pythonPath } from "../../../packages/rehearsal/src/python.ts";
import { dist, runAction } from "../../support/run-action.ts";
import { root } from "../../support/source-files.ts";
import { type AlembicProject, alembicProject, chain, revisionFile } from "./alembic-project.ts";
import { change, database, gitIn, removeProjects, revision } from "./changed-project.ts";

const GATE = join(dist, "augeo-gate.js");
const INDEX = revision("b2", "a1", 'op.create_index("ix", "t_a1", ["id"])', 'op.drop_index("ix")');
const COLUMN = revision("b2", "a1", 'op.add_column("t_a1", sa.Column("x", sa.Integer))', 'op.drop_column("t_a1", "x")');

let folder: string;
const projects: AlembicProject[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "augeo-cli-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(async () => {
  await removeProjects();
  await Promise.all(projects.splice(0).map((project) => project.remove()));
});

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function start(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(program, [...args], { cwd, env, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, stdout, stderr });
    });
  });
}

const basic = { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR };

/** The built command line, as `npx augeo-gate` runs it. */
const gate = (args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  start(process.execPath, [GATE, ...args], cwd, { ...basic, ...env });

async function plainProject(files: Record<string, string>): Promise<AlembicProject> {
  const project = await alembicProject(files);
  projects.push(project);
  return project;
}

test.each(["--version", "-V"])("augeo-gate %s prints the version of the package, and nothing else", async (flag) => {
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const run = await gate([flag], folder);
  expect([run.code, run.stdout, run.stderr]).toEqual([0, `${version}\n`, ""]);
});

describe("augeo-gate check", () => {
  test("says on a laptop what blocks, where and how to mend it, and when what may run", async () => {
    const { folder: here } = await change(chain("a1"), INDEX);
    const run = await gate(["check", "--python", pythonPath(), "--server-url", await database()], here);
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^1 new revision was run on PostgreSQL/);
    expect(run.stdout).toContain(
      "migrations/versions/b2.py:11: block index-not-concurrent (t_a1): Index built while writes wait",
    );
    expect(run.stdout).toContain("ShareLock, blocks writes, builds an index");
    expect(run.stdout).toContain("postgresql_concurrently=True");
    expect(run.stdout).toMatch(/May run\n {2}now: b2 \(once mended\)\n/);
    expect(run.stdout).not.toMatch(/<code>|&#\d+;|::group::/);
    expect(run.stderr).not.toMatch(/^::/m);
  });

  test("weighs by a file of sizes, and by a database that it only reads", async () => {
    const project = await change(chain("a1"), INDEX);
    await writeFile(join(folder, "sizes.yml"), "t_a1: 12\n");
    const common = ["check", "--since", "main", "--python", pythonPath(), "--server-url", await database(), "--json"];
    const small = await gate([...common, "--sizes", join(folder, "sizes.yml")], project.folder);
    expect(small.code).toBe(0);
    expect(small.stdout).toContain("index-not-concurrent");
    const production = (await database()).replace("postgresql+psycopg:", "postgresql:");
    const read = await gate([...common, "--server-url", await database(), "--sizes-from", production], project.folder);
    expect(read.stderr).toMatch(/Sizes of 0 tables were read/);
    expect(read.code).toBe(1);
    const missing = await gate([...common, "--sizes", "nowhere.yml"], project.folder);
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringMatching(/nowhere\.yml cannot be read/)]);
  });

  test("proves the old code with a command of the project's own", async () => {
    const project = await change({ ...chain("a1"), "smoke.sh": "exit 7" }, { ...COLUMN, "smoke.sh": "exit 0" });
    const url = await database();
    const args = ["check", "--python", pythonPath(), "--server-url", url, "--old-code-command", "bash smoke.sh"];
    const run = await gate(args, project.folder);
    expect([run.code, run.stdout]).toEqual([1, expect.stringContaining("old-code-command ended with exit code 7")]);
  });

  test("without Python, Alembic or a base says what is missing and how to get it", async () => {
    const project = await change(chain("a1"), COLUMN);
    const bin = join(folder, "bin");
    await mkdir(bin, { recursive: true });
    for (const tool of ["git", "tar", "sh"]) {
      const { stdout } = await start("/bin/sh", ["-c", `command -v ${tool}`], folder, basic);
      await symlink(stdout.trim(), join(bin, tool)).catch(() => undefined);
    }
    const noPython = await gate(["check"], project.folder, { PATH: bin });
    expect([noPython.code, noPython.stderr]).toEqual([2, expect.stringMatching(/There is no Python[\s\S]*--python/)]);
    const noAlembic = await gate(["check", "--python", "python3"], project.folder);
    expect(noAlembic.code).toBe(3);
    expect(noAlembic.stdout).toMatch(/neither safe nor unsafe/);
    expect(noAlembic.stdout).toMatch(/install the project's packages[\s\S]*--python/);
    const noBase = await gate(["check", "--since", "elsewhere", "--python", pythonPath()], project.folder);
    expect([noBase.code, noBase.stderr]).toEqual([2, expect.stringMatching(/The base elsewhere is not in this clone/)]);
    const nothing = await gate(["check"], folder, { PATH: process.env.PATH });
    expect([nothing.code, nothing.stderr]).toEqual([
      2,
      expect.stringMatching(/There is no Alembic configuration[\s\S]*Fix: /),
    ]);
  });

  test("without a server reads the SQL, and says how to get one", async () => {
    const project = await change(chain("a1"), INDEX);
    const bin = join(folder, "no-postgres");
    await mkdir(bin, { recursive: true });
    for (const tool of ["git", "tar", "sh"]) {
      const { stdout } = await start("/bin/sh", ["-c", `command -v ${tool}`], folder, basic);
      await symlink(stdout.trim(), join(bin, tool)).catch(() => undefined);
    }
    const run = await gate(["check", "--python", pythonPath(), "--no-rehearsal"], project.folder, { PATH: bin });
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/read, not run \(rehearsal is off\)[\s\S]*index-not-concurrent/);
  });
});

describe("the hook for pre-commit", () => {
  interface Hook {
    id: string;
    entry: string;
    language: string;
    files: string;
    pass_filenames: boolean;
  }

  async function hook(): Promise<Hook> {
    const hooks = parse(await readFile(join(root, ".pre-commit-hooks.yaml"), "utf8")) as Hook[];
    const found = hooks.find(({ id }) => id === "augeo-gate");
    if (found === undefined) throw new Error("there is no hook augeo-gate");
    return found;
  }

  test("judges a revision that is staged and not committed, as pre-commit calls it: the entry of the clone, no files", async () => {
    const { entry, language, files, pass_filenames } = await hook();
    expect([language, pass_filenames]).toEqual(["script", false]);
    expect(new RegExp(files).test("backend/migrations/versions/b2.py")).toBe(true);
    expect(new RegExp(files).test("backend/app.py")).toBe(false);
    const project = await change(chain("a1"), {});
    for (const [path, content] of Object.entries(INDEX)) await project.write(path, content);
    await gitIn(project, "add", "-A");
    const [program = "", ...args] = entry.split(" ");
    // The bundle under test may have been built elsewhere than in dist/.
    const path = join(dirname(dist), program.replace(/^dist/, dist.split("/").at(-1) ?? ""));
    const env = { ...basic, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
    const more = ["--python", pythonPath(), "--server-url", await database()];
    const run = await start(path, [...args, ...more], project.folder, env);
    expect([run.code, run.stdout]).toEqual([1, expect.stringContaining("block index-not-concurrent")]);
    for (const [file, content] of Object.entries(COLUMN)) await project.write(file, content);
    const good = await start(
      path,
      [...args, "--python", pythonPath(), "--server-url", await database()],
      project.folder,
      env,
    );
    expect([good.code, good.stderr]).toEqual([0, expect.any(String)]);
  });
});

describe("augeo-gate apply", () => {
  test("applies where the database is, and prints the outcome as one line of JSON", async () => {
    const project = await plainProject(chain("a1", "b2"));
    const env = { DATABASE_URL: await database() };
    const run = await gate(["apply", ".", "--json", "--python", pythonPath()], project.folder, env);
    expect(run.code).toBe(0);
    expect(run.stdout.trim().split("\n")).toHaveLength(1);
    expect(JSON.parse(run.stdout)).toMatchObject({
      schema: 1,
      kind: "outcome",
      reason: "migrated",
      outputs: { to: "b2", applied: "a1 b2" },
    });
    expect(run.stderr).toContain("CREATE TABLE t_a1");
    expect(run.stderr + run.stdout).not.toContain(new URL(env.DATABASE_URL).password);
    const again = await gate(["apply", "--python", pythonPath()], project.folder, env);
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining("is at b2 already")]);
  });

  test.each([
    ["check", "--size", "augeo-gate", "sizes"],
    ["sql", "--preambel", "augeo-gate sql", "preamble"],
    ["apply", "--targt", "augeo-gate apply", "target"],
  ])("%s answers the mistyped option %s with the one that was meant", async (command, typed, named, meant) => {
    const run = await gate([command, typed, "x"], folder);
    expect([run.code, run.stdout]).toEqual([2, ""]);
    expect(run.stderr).toBe(
      `Error: ${named} has no option ${typed}.\nWhy: Did you mean --${meant}?\nFix: ${named} --help\n`,
    );
  });

  test("says no with exit code 1, and what it does not understand with 2", async () => {
    const broken = await plainProject({
      "migrations/versions/a1.py": revisionFile("a1", null, 'op.execute("select nowhere")'),
    });
    const env = { DATABASE_URL: await database() };
    const failed = await gate(["apply", "--json", "--python", pythonPath()], broken.folder, env);
    expect(failed.code).toBe(1);
    expect(JSON.parse(failed.stdout)).toMatchObject({
      reason: "migration-failed",
      fix: expect.stringContaining("alembic -c"),
    });
    const wrong = await gate(["apply", "--json", "--lock-timeout", "5"], broken.folder, env);
    expect(wrong.code).toBe(2);
    expect(JSON.parse(wrong.stdout)).toMatchObject({
      kind: "error",
      fix: expect.stringContaining("write 5s for seconds"),
    });
    const nowhere = await gate(["apply", "--python", pythonPath()], broken.folder);
    expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringMatching(/DATABASE_URL is not set/)]);
  });

  test("signs in as the managed identity that Azure lends to an app or a job", async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.url} ${request.headers["x-identity-header"]}`);
      response.end(JSON.stringify({ access_token: "lent-token", token_type: "Bearer" }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const project = await plainProject(chain("a1"));
    const url = new URL(await database());
    const env = {
      DATABASE_URL: url.href,
      IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`,
      IDENTITY_HEADER: "secret",
    };
    const run = await gate(
      ["apply", "--managed-identity", "--client-id", "me", "--python", pythonPath()],
      project.folder,
      env,
    );
    server.close();
    expect(asked[0]).toMatch(
      /api-version=2019-08-01&resource=https%3A%2F%2Fossrdbms-aad\.database\.windows\.net&client_id=me secret/,
    );
    expect(run.stderr).toMatch(/refused the password of/);
    expect(run.stderr).not.toContain("lent-token");
    const none = await gate(["apply", "--managed-identity"], project.folder, { DATABASE_URL: url.href });
    expect([none.code, none.stderr]).toEqual([
      2,
      expect.stringMatching(/no managed identity here[\s\S]*identity assign/),
    ]);
  });
});

describe("an action that applies by a command", () => {
  const line = `"${process.execPath}" "${GATE}" apply --python "${pythonPath()}" $AUGEO_GATE_ARGS`;

  async function byCommand(project: AlembicProject, command: string, inputs: Record<string, string> = {}) {
    return runAction("migration-gate", {
      workspace: project.folder,
      env: { DATABASE_URL: await database() },
      inputs: { mode: "apply", connect: "command", "apply-command": command, "github-token": "x", ...inputs },
    });
  }

  test("ends as if it had applied itself, whatever is printed around the outcome", async () => {
    const project = await plainProject({
      ...chain("a1"),
      ...{ "migrations/versions/c3.py": revisionFile("c3", "a1", 'op.drop_table("t_a1")') },
    });
    const run = await byCommand(project, `echo "Warning: connecting"; ${line}; echo bye`, { phase: "expand" });
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({
      decision: "proceed",
      reason: "migrated",
      to: "a1",
      pending: "c3",
      applied: "a1",
    });
    expect(run.summary).toContain("| a1 | a1 does its part | expand | applied");
    expect(run.stdout).toContain("CREATE TABLE t_a1");
  });

  test("fails when the migration does, with its words and the way on", async () => {
    const project = await plainProject({
      "migrations/versions/a1.py": revisionFile("a1", null, 'op.execute("select nowhere")'),
    });
    const run = await byCommand(project, line);
    expect(run.exitCode).toBe(1);
    expect(run.outputs.reason).toBe("migration-failed");
    expect(run.annotations[0]?.message).toMatch(/column "nowhere" does not exist[\s\S]*Fix: /);
  });

  test.each([
    ["that prints no outcome", "echo nothing; exit 3", /exit code 3 and printed no outcome[\s\S]*nothing/],
    [
      "that applied another thing",
      line.replace("$AUGEO_GATE_ARGS", "--json"),
      /something else than was asked for[\s\S]*phase expand/,
    ],
    ["that is missing", "", /connect: command has no command/],
    [
      "of which the run inside could not begin",
      line.replace("$AUGEO_GATE_ARGS", "--json --database-url-env NOWHERE"),
      /NOWHERE is not set/,
    ],
  ])("refuses a command %s", async (_, command, words) => {
    const run = await byCommand(await plainProject(chain("a1")), command, { phase: "expand" });
    expect(run.exitCode).toBe(1);
    expect(run.annotations.map(({ message }) => message).join("\n")).toMatch(words);
  });
});
