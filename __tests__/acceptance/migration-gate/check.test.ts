import { afterEach, describe, expect, test } from "@jest/globals";
import { pythonPath } from "../../../packages/rehearsal/src/python.ts";
import { runAction } from "../../support/run-action.ts";
import { type AlembicProject, alembicProject, chain, revisionFile } from "./alembic-project.ts";

const projects: AlembicProject[] = [];
afterEach(async () => {
  await Promise.all(projects.splice(0).map((project) => project.remove()));
});

async function check(files: Record<string, string | null>, inputs: Record<string, string> = {}) {
  const project = await alembicProject(files);
  projects.push(project);
  return runAction("migration-gate", {
    inputs: { "github-token": "x", python: pythonPath(), ...inputs },
    workspace: project.folder,
  });
}

const table = 'op.create_table("t", sa.Column("id", sa.Integer))';

describe("a sound graph", () => {
  test("passes, names the head and draws the chain", async () => {
    const run = await check(chain("a1", "b2", "c3"));
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({ decision: "proceed", reason: "sound", heads: "c3", applied: "" });
    expect(run.summary).toContain("r1 --> r2");
    expect(run.summary).toContain("b2 does its part");
  });

  test("is read without running a line of the project", async () => {
    const files = {
      "migrations/versions/a1.py": revisionFile("a1", null, table, 'raise SystemExit("was run")\nimport nowhere'),
    };
    const run = await check({ ...files, "migrations/env.py": 'raise SystemExit("was run")' });
    expect(run.outputs.reason).toBe("sound");
    expect(run.stdout).not.toContain("was run");
  });

  test("is found through pyproject.toml", async () => {
    const toml = '[tool.alembic]\nscript_location = "%(here)s/migrations"\n';
    const run = await check({ ...chain("a1"), "alembic.ini": null, "pyproject.toml": toml });
    expect(run.outputs).toMatchObject({ reason: "sound", heads: "a1" });
  });

  test("may lie below the workspace, in several folders", async () => {
    const ini = "[alembic]\nscript_location = migrations\nversion_locations = one:two\npath_separator = :\n";
    const run = await check(
      {
        "api/alembic.ini": ini,
        "api/migrations/env.py": "",
        "api/one/a1.py": revisionFile("a1", null, table),
        "api/two/b2.py": revisionFile("b2", "a1", table),
      },
      { "alembic-config": "api/alembic.ini" },
    );
    expect(run.outputs).toMatchObject({ reason: "sound", heads: "b2" });
  });
});

describe("a graph that Alembic cannot walk", () => {
  test.each([
    [
      "two heads",
      { ...chain("a1", "b2"), "migrations/versions/c3.py": revisionFile("c3", "a1", table) },
      "several-heads",
      "The migrations have 2 heads: b2 (migrations/versions/b2.py), c3 (migrations/versions/c3.py).",
    ],
    [
      "a missing parent",
      { "migrations/versions/b2.py": revisionFile("b2", "a1", table) },
      "broken-chain",
      "comes after a1, which no file declares",
    ],
    [
      "one id twice",
      { ...chain("a1"), "migrations/versions/copy.py": revisionFile("a1", null, table) },
      "broken-chain",
      "Revision id a1 is used by 2 files",
    ],
    [
      "a circle",
      {
        "migrations/versions/a1.py": revisionFile("a1", "b2", table),
        "migrations/versions/b2.py": revisionFile("b2", "a1", table),
      },
      "broken-chain",
      "in a circle",
    ],
    [
      "a file that is not Python",
      { "migrations/versions/a1.py": "revision = <<<<<<< HEAD" },
      "broken-chain",
      "not valid Python",
    ],
    [
      "a stray file",
      { ...chain("a1"), "migrations/versions/notes.py": "x = 1" },
      "broken-chain",
      "declares no revision id",
    ],
  ])("%s is refused, with an annotation on a file", async (_, files, reason, words) => {
    const run = await check(files);
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ decision: "hold", reason });
    expect(run.summary).toContain(words);
    const [annotation] = run.annotations;
    expect(annotation).toMatchObject({ level: "error" });
    expect(annotation?.message).toContain(words);
    expect(annotation?.message).toContain("Fix: ");
    expect(annotation?.properties.file).toMatch(/^migrations\/versions\/\w+\.py$/);
  });
});

describe("bad input has one error that says what to do", () => {
  test.each([
    ["no alembic.ini", { "alembic.ini": null }, {}, /no Alembic configuration[\s\S]*Fix: Check the code out/],
    [
      "alembic.ini elsewhere",
      { "alembic.ini": null, "backend/alembic.ini": "[alembic]\n" },
      {},
      /no Alembic configuration[\s\S]*Fix: Set alembic-config: backend\/alembic.ini/,
    ],
    [
      "alembic.ini without script_location",
      { "alembic.ini": "[alembic]\n" },
      {},
      /does not say where the migrations are/,
    ],
    ["no env.py", { "migrations/env.py": null }, {}, /no migration environment at migrations/],
    ["an unreadable alembic.ini", { "alembic.ini": "script_location = x" }, {}, /alembic.ini cannot be read/],
    [
      "a python that is not there",
      {},
      { python: "nowhere/python" },
      /python names nowhere\/python, which cannot be run/,
    ],
    [
      "apply without a database",
      {},
      { mode: "apply" },
      /no database to apply migrations to[\s\S]*Fix: .*database-url/i,
    ],
    [
      "several wrong inputs at once",
      {},
      { mode: "maybe", "lock-timeout": "5", "database-url": "mysql://x" },
      /mode[\s\S]*lock-timeout[\s\S]*database-url|database-url[\s\S]*lock-timeout/,
    ],
  ])("%s", async (_, files, inputs, words) => {
    const run = await check({ ...chain("a1"), ...files }, inputs);
    expect(run.exitCode).toBe(1);
    expect(run.outputs.reason).toBe("usage-error");
    expect(run.annotations.filter(({ level }) => level === "error").length).toBe(1);
    expect(run.annotations.map(({ message }) => message).join("\n")).toMatch(words);
  });

  test("no Python at all", async () => {
    const project = await alembicProject(chain("a1"));
    projects.push(project);
    const run = await runAction("migration-gate", {
      inputs: { "github-token": "x" },
      workspace: project.folder,
      env: { PATH: "/nowhere" },
    });
    expect(run.outputs.reason).toBe("usage-error");
    expect(run.annotations[0]?.message).toMatch(/There is no Python[\s\S]*setup-python/);
  });
});

test("hostile names reach no workflow command and no markup", async () => {
  const evil = "a1\\n::error::gotcha";
  const file = revisionFile("x", null, table)
    .replace('revision = "x"', `revision = "${evil}"`)
    .replace("x does its part", "<img src=x> `|` ::set-output");
  const run = await check({ "migrations/versions/a1.py": file });
  expect(run.annotations.map(({ message }) => message)).not.toContain("gotcha");
  expect(run.summary).not.toContain("<img");
  expect(run.outputs.reason).toBe("sound");
});
