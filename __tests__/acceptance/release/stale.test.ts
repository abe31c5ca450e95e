import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type TemporaryFolder, temporaryFolder } from "../../../packages/rehearsal/src/temporary-folder.ts";
import type { RunOptions } from "../../support/run-action.ts";
import { zipOf } from "../cloud/hosted-site.ts";
import { type AppInSlots, appFiles, errorOf, startAppInSlots } from "../slot-swap/app-in-slots.ts";
import { packageFolder } from "./package-folder.ts";

let app: AppInSlots;
let repository: TemporaryFolder;
const commits: string[] = [];
const folders: { remove(): Promise<void> }[] = [];

function git(...args: string[]): string {
  const who = ["-c", "user.name=t", "-c", "user.email=t@localhost"];
  return execFileSync("git", ["-C", repository.path, ...who, ...args], { encoding: "utf8" }).trim();
}

/** Two commits, the second on top of the first. */
beforeAll(async () => {
  repository = await temporaryFolder("history");
  git("init", "--quiet", "--initial-branch=main");
  for (const message of ["first", "second"]) {
    git("commit", "--quiet", "--allow-empty", `--message=${message}`);
    commits.push(git("rev-parse", "HEAD"));
  }
});
afterAll(() => repository.remove());
afterEach(async () => {
  await app?.close();
  for (const folder of folders.splice(0)) await folder.remove();
});

/** A run for one of the two commits, started by a push unless the variables say otherwise. */
async function release(id: string, commit: number, env: RunOptions["env"] = {}, inputs: RunOptions["inputs"] = {}) {
  const folder = await packageFolder(id);
  folders.push(folder);
  const run = { GITHUB_SHA: commits[commit] ?? "", GITHUB_EVENT_NAME: "push", GITHUB_RUN_ID: `900${commit}` };
  const given = { package: folder.path, release: id, ledger: app.ledger, ...inputs };
  return app.run("release", given, { env: { ...run, ...env } });
}

const comparisons = () => app.cloud.requests.of({ host: "github", path: /\/compare\// }).length;

describe("a release of an older commit than the live one", () => {
  beforeEachApp();

  test("has nothing to do, says so, and gives the lock back", async () => {
    await release("r4", 1);
    const late = await release("r3", 0);
    expect(errorOf(late)).toBe("");
    expect(late.outputs).toMatchObject({ decision: "nothing-to-do", reason: "stale", "live-release": "r4" });
    expect(late.summary).toMatch(/A newer commit is live[\s\S]*would take the newer one back/);
    expect((await app.live())[0]).toBe("r4");
    expect(await app.readHead()).toMatchObject({ holder: null, live: { release: "r4" } });
  });

  test("goes out when a person asks for it: by dispatch, by a re-run, or by allow-stale", async () => {
    await release("r4", 1);
    const dispatched = await release("r5", 0, { GITHUB_EVENT_NAME: "workflow_dispatch" });
    expect(dispatched.outputs).toMatchObject({ reason: "released" });
    await release("r6", 1);
    expect((await release("r7", 0, { GITHUB_RUN_ATTEMPT: "2" })).outputs).toMatchObject({ reason: "released" });
    await release("r8", 1);
    const allowed = await release("r9", 0, {}, { "allow-stale": "true" });
    expect(allowed.outputs).toMatchObject({ reason: "released" });
    expect(comparisons()).toBe(2);
  });

  test("goes out when the token may not read the commits, and the log says what it lacks", async () => {
    await release("r4", 1);
    app.cloud.github.state.permissions.contents = undefined;
    const late = await release("r3", 0);
    expect(late.outputs).toMatchObject({ reason: "released" });
    expect(late.stdout).toMatch(/newer commit could not be asked.*contents: read/);
  });
});

describe("the artifact's digest", () => {
  beforeEachApp();

  /** A zip of the little app and its SHA-256, as upload and download leave them. */
  async function zipped(id: string): Promise<{ path: string; digest: string }> {
    const folder = await temporaryFolder("artifact");
    folders.push(folder);
    const path = join(folder.path, "package.zip");
    await writeFile(path, await zipOf(appFiles(id)));
    const digest = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
    return { path, digest };
  }
  const give = (path: string, digest: string) =>
    app.run("release", { package: path, "artifact-digest": digest, ledger: app.ledger });

  test("lets out the zip that has it, in either spelling", async () => {
    const { path, digest } = await zipped("r3");
    expect((await give(path, digest)).outputs).toMatchObject({ reason: "released" });
    const again = await give(path, `sha256:${digest.toUpperCase()}`);
    expect(again.outputs).toMatchObject({ reason: "already-live" });
  });

  test("refuses any other package before anything is asked of anyone", async () => {
    const { path, digest } = await zipped("r3");
    await writeFile(path, await zipOf(appFiles("r4")));
    app.cloud.requests.clear();
    const out = await give(path, digest);
    expect(out.outputs).toMatchObject({ decision: "hold", reason: "artifact-mismatch" });
    expect(out.exitCode).toBe(1);
    expect(errorOf(out)).toContain(digest);
    expect(app.cloud.requests.of({})).toEqual([]);
  });

  test("of a folder cannot be told: the error says how to download the zip as it is", async () => {
    const folder = await packageFolder("r3");
    folders.push(folder);
    const out = await give(folder.path, "0".repeat(64));
    expect(out.outputs).toMatchObject({ reason: "usage-error" });
    expect(errorOf(out)).toContain("skip-decompress: true");
  });
});

function beforeEachApp(): void {
  beforeEach(async () => {
    app = await startAppInSlots();
    app.cloud.github.state.gitFolder = repository.path;
  });
}
