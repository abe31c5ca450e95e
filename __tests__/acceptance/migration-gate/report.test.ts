import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cloud, startCloud } from "@augeo/rehearsal";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { MainRun } from "../../support/run-action.ts";
import { sarifFaults } from "../../support/sarif.ts";
import { type AlembicProject, chain, envPy, revisionFile } from "./alembic-project.ts";
import { change, check, gitIn, removeProjects, revision } from "./changed-project.ts";

let cloud: Cloud;
let folder: string;
const HEAD = "ab".repeat(20);
const ALL = { ...chain("a1") };
const INDEX = revision("b2", "a1", 'op.create_index("ix", "t_a1", ["id"])', 'op.drop_index("ix")');
const COLUMN = revision("b2", "a1", 'op.add_column("t_a1", sa.Column("x", sa.Integer))', 'op.drop_column("t_a1", "x")');

beforeAll(async () => {
  cloud = await startCloud({ postgres: "none", blob: "none" });
  folder = await mkdtemp(join(tmpdir(), "augeo-report-"));
});
afterAll(async () => {
  await cloud?.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  const { state } = cloud.github;
  state.comments.length = 0;
  state.checkRuns.length = 0;
  state.annotations.clear();
  Object.assign(state.permissions, { checks: "write", issues: "write" });
  cloud.requests.clear();
});
afterEach(removeProjects);

/** The gate on a pull request of this repository. */
async function onPullRequest(project: AlembicProject, inputs: Record<string, string> = {}): Promise<MainRun> {
  return onEvent(project, { pull_request: { number: 7, head: { sha: HEAD } } }, inputs);
}

async function onEvent(project: AlembicProject, event: object, inputs: Record<string, string>): Promise<MainRun> {
  const path = join(folder, "event.json");
  await writeFile(path, JSON.stringify(event));
  const token = { "github-token": cloud.inputs["github-token"] };
  return check(project, { ...token, ...inputs }, { cloud, env: { GITHUB_EVENT_PATH: path, RUNNER_TEMP: folder } });
}

const comments = () => cloud.github.state.comments.map(({ body }) => String(body));
const checkRuns = () => cloud.github.state.checkRuns;
const writesOf = (path: RegExp) => cloud.requests.of({ host: "github", path }).filter(({ method }) => method !== "GET");

describe("the comment on a pull request", () => {
  test("is written once, updated in place by later runs, and says what the job summary says", async () => {
    const project = await change(ALL, INDEX);
    const first = await onPullRequest(project);
    expect(first.outputs.reason).toBe("unsafe");
    expect(comments()).toHaveLength(1);
    expect(comments()[0]).toContain("1 new revision was run on PostgreSQL");
    expect(comments()[0]).toContain("postgresql_concurrently=True");
    expect(comments()[0]).toContain("migration-gate: ignore index-not-concurrent reason=");
    expect(first.summary).toContain("postgresql_concurrently=True");
    for (const [path, content] of Object.entries(COLUMN)) await project.write(path, content);
    expect((await onPullRequest(project)).outputs.reason).toBe("safe");
    expect(comments()).toHaveLength(1);
    expect(comments()[0]).not.toContain("postgresql_concurrently=True");
    expect(writesOf(/comments/).map(({ method }) => method)).toEqual(["POST", "PATCH"]);
  });

  test("of a change that does not fit is cut, says so, and the whole is in the report's files", async () => {
    const long = Array.from(
      { length: 60 },
      (_, row) => `op.execute("update t_a1 set id = id + ${row} -- ${"x".repeat(300)}")`,
    );
    const ids = Array.from({ length: 30 }, (_, index) => `b${index}`);
    const added = Object.assign({}, ...ids.map((id, index) => revision(id, ids[index - 1] ?? "a1", long.join("\n"))));
    const run = await onPullRequest(await change(ALL, added));
    expect([...(comments()[0] ?? "")].length).toBeLessThanOrEqual(65_536);
    expect(comments()[0]).toMatch(/Cut to fit into a comment/);
    expect(Buffer.byteLength(run.summary)).toBeLessThan(1_048_576);
    const report = await readFile(run.outputs["report-markdown"] ?? "", "utf8");
    expect(report.length).toBeGreaterThan(65_536);
    expect(report).toContain("id + 59");
    expect(report).not.toContain("Cut to fit");
    const { revisions } = JSON.parse(await readFile(run.outputs.report ?? "", "utf8")) as { revisions: unknown[] };
    expect(revisions).toHaveLength(30);
  });

  test("lets no text of the change speak for itself: no markup, no mention, no workflow command", async () => {
    const message = "hello @octo-org/all <img src=x onerror=alert(1)> | a | b | <!-- --> `x` ::error::boo </details>";
    const file = revisionFile("b2", "a1", 'op.create_index("ix`|<b>", "t_a1", ["id"])').replace(
      "b2 does its part",
      message,
    );
    const run = await onPullRequest(await change(ALL, { "migrations/versions/b2.py": file }));
    const body = comments()[0] ?? "";
    const [outside] = [body.replaceAll(/^(`{3,}).*?^\1/gms, "")];
    expect(outside).not.toMatch(/@octo-org|<img|<b>|<!-- -->/);
    expect(body.match(/<details>/g)).toHaveLength(body.match(/<\/details>/g)?.length ?? -1);
    expect(run.annotations.map(({ message: text }) => text).join("\n")).not.toMatch(/^boo/m);
  });

  test("cannot be written with a fork's token: the job summary says the same, and the verdict stands", async () => {
    Object.assign(cloud.github.state.permissions, { checks: "read", issues: "read" });
    const run = await onPullRequest(await change(ALL, COLUMN), { "check-run": "true" });
    expect(run.exitCode).toBe(0);
    expect(run.outputs.reason).toBe("safe");
    expect(comments()).toEqual([]);
    expect(run.stdout).toMatch(/got no comment, the job summary says the same/);
    expect(run.stdout).toMatch(/check run "Migrations" was not written; the job summary[\s\S]*checks: write/);
    expect(run.summary).toContain("1 new revision was run on PostgreSQL");
  });
});

describe("findings in SARIF and as annotations", () => {
  test("are the standard's, stand on the line of the op call, and carry a page and a fingerprint", async () => {
    const run = await onPullRequest(await change(ALL, INDEX));
    const text = await readFile(run.outputs.sarif ?? "", "utf8");
    expect(sarifFaults(text)).toEqual([]);
    const { runs } = JSON.parse(text) as { runs: { results: unknown[] }[] };
    expect(runs[0]?.results).toContainEqual(
      expect.objectContaining({
        ruleId: "index-not-concurrent",
        level: "error",
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "migrations/versions/b2.py" },
              region: { startLine: 11 },
            },
          },
        ],
      }),
    );
    expect(run.annotations).toContainEqual(
      expect.objectContaining({
        level: "error",
        properties: expect.objectContaining({ file: "migrations/versions/b2.py", line: "11" }),
      }),
    );
  });

  test("the check on SARIF finds what is wrong", () => {
    expect(sarifFaults('{"version":"2.1.0","runs":[{"results":[]}]}').join()).toMatch(/tool/);
    expect(
      sarifFaults(
        '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"results":[{"message":{"text":"m"},"level":"bad"}]}]}',
      ).join(),
    ).toMatch(/bad/);
  });
});

describe("the check run", () => {
  const wanted = { "check-run": "true", comment: "false" };

  test("says yes on the pull request's own head, under the name that was given", async () => {
    const run = await onPullRequest(await change(ALL, COLUMN), { ...wanted, "check-run-name": "Database" });
    expect(run.outputs.reason).toBe("safe");
    expect(checkRuns()).toMatchObject([
      { name: "Database", head_sha: HEAD, status: "completed", conclusion: "success" },
    ]);
    expect(run.stdout).toMatch(/Check run "Database": success \(https:/);
  });

  test("says no with an annotation on each finding, and is updated in place by a re-run", async () => {
    const project = await change(ALL, INDEX);
    await onPullRequest(project, wanted);
    expect(checkRuns()).toMatchObject([{ conclusion: "failure", output: { title: "Not safe to release" } }]);
    const [id] = checkRuns().map((one) => Number(one.id));
    const before = cloud.github.state.annotations.get(id ?? 0);
    expect(before).toContainEqual(
      expect.objectContaining({ path: "migrations/versions/b2.py", start_line: 11, annotation_level: "failure" }),
    );
    await onPullRequest(project, wanted);
    expect(checkRuns()).toHaveLength(1);
    expect(cloud.github.state.annotations.get(id ?? 0)).toEqual(before);
  });

  test("carries more findings than one request takes", async () => {
    const many = Array.from({ length: 120 }, (_, row) => `op.create_index("ix${row}", "t_a1", ["id"])`).join("\n");
    await onPullRequest(await change(ALL, revision("b2", "a1", many)), wanted);
    const [id] = checkRuns().map((one) => Number(one.id));
    expect(cloud.github.state.annotations.get(id ?? 0)?.length).toBeGreaterThanOrEqual(120);
    expect(writesOf(/check-runs/).length).toBeGreaterThanOrEqual(3);
  });

  test("says neither where the SQL could only be read, and no where a rehearsal is required", async () => {
    const broken = {
      ...ALL,
      "migrations/env.py": envPy({ before: "if not context.is_offline_mode(): raise RuntimeError('no settings')" }),
    };
    const read = await onPullRequest(await change(broken, COLUMN), wanted);
    expect(read.outputs.reason).toBe("safe");
    expect(checkRuns()).toMatchObject([
      { conclusion: "neutral", output: { title: expect.stringMatching(/^Could not be rehearsed/) } },
    ]);
    checkRuns().length = 0;
    await onPullRequest(await change(broken, COLUMN), { ...wanted, rehearsal: "required" });
    expect(checkRuns()).toMatchObject([{ conclusion: "failure", output: { title: "Could not be rehearsed" } }]);
  });

  test("comes without migrations too, and when nothing could be judged: a required one must not be missing", async () => {
    await onPullRequest(await change(ALL, { "app.py": "x = 1" }), wanted);
    expect(checkRuns()).toMatchObject([{ conclusion: "success" }]);
    checkRuns().length = 0;
    const run = await onPullRequest(await change(ALL, COLUMN), { ...wanted, since: "origin/nowhere" });
    expect(run.outputs.reason).toBe("usage-error");
    expect(checkRuns()).toMatchObject([
      {
        conclusion: "failure",
        output: { title: "Could not be judged", summary: expect.stringContaining("fetch-depth: 0") },
      },
    ]);
  });

  test("says no to several heads", async () => {
    const forked = { ...COLUMN, "migrations/versions/c3.py": revisionFile("c3", "a1", "pass") };
    await onPullRequest(await change(ALL, forked), wanted);
    expect(checkRuns()).toMatchObject([{ conclusion: "failure" }]);
  });

  test("of a merge group stands on the group's head and judges what is new since its base", async () => {
    const project = await change(ALL, INDEX);
    const { stdout: base } = await gitIn(project, "rev-parse", "main");
    const group = { merge_group: { base_sha: base.trim(), head_sha: HEAD } };
    const run = await onEvent(project, group, { ...wanted, since: "" });
    expect(run.outputs).toMatchObject({ reason: "unsafe", new: "b2" });
    expect(checkRuns()).toMatchObject([{ head_sha: HEAD, conclusion: "failure" }]);
  });
});

describe("a branch that its base has overtaken", () => {
  test("is refused with the command that joins them, though each alone has one head", async () => {
    const project = await change(ALL, COLUMN);
    await gitIn(project, "checkout", "-q", "main");
    await project.write("migrations/versions/a2.py", revisionFile("a2", "a1", "pass"));
    await gitIn(project, "add", "-A");
    await gitIn(project, "commit", "-qm", "meanwhile");
    await gitIn(project, "checkout", "-q", "feature");
    const run = await onPullRequest(project);
    expect(run.outputs.reason).toBe("unsafe");
    expect(run.stdout).toContain("b2 comes after a1, and the base branch has a2 after it now");
    expect(run.stdout).toContain('alembic merge -m "merge heads" a2 b2');
    await project.write(
      "migrations/versions/b2.py",
      (COLUMN["migrations/versions/b2.py"] ?? "").replace('down_revision = "a1"', 'down_revision = "a2"'),
    );
    await gitIn(project, "add", "-A");
    await gitIn(project, "commit", "-qm", "rebased");
    await gitIn(project, "merge", "-q", "main", "-m", "update");
    expect((await onPullRequest(project)).outputs.reason).toBe("safe");
  });
});
