/** This repository's own CI and release, run as they are on repositories of a few files, with npm and gh that tell tales. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { RunResult } from "../../packages/rehearsal/src/workflows/workflow-run.ts";
import { checks, logOf } from "./outcome.ts";
import { removeRepositories, start } from "./small-repository.ts";

let tools: string;
beforeEach(() => {
  tools = mkdtempSync(join(tmpdir(), "augeo-tools-"));
});
afterEach(() => {
  removeRepositories();
  rmSync(tools, { recursive: true, force: true });
});

const own = (name: string) => readFileSync(resolve(import.meta.dirname, `../../.github/workflows/${name}.yml`), "utf8");

/** A command on the PATH of every step: notes how it was called, then does as the script says. */
function command(name: string, script: string): void {
  const file = join(tools, name);
  writeFileSync(file, `#!/bin/bash\necho "${name} $*" >> "${tools}/calls"\n${script}\n`);
  chmodSync(file, 0o755);
}
const calls = (): string[] => readFileSync(join(tools, "calls"), "utf8").trim().split("\n");

function run(name: string, files: Record<string, string>, event: string): Promise<RunResult> {
  return start(
    { [`.github/workflows/${name}.yml`]: own(name), ...files },
    { workflow: `.github/workflows/${name}.yml`, event },
    {
      machine: { PATH: `${tools}:${process.env.PATH ?? ""}` },
      uses: { repositories: {}, standIns: { "actions/attest": async () => ({ "attestation-id": "1" }) } },
    },
  ).done;
}

describe("ci.yml", () => {
  const ci = (script: string, event = "pull_request") => run("ci", { ".ci/run": script }, event);

  test.each(["pull_request", "merge_group", "push"])("makes one check of all others: %s", async (event) => {
    command("npm", "");
    expect(checks(await ci("exit 0", event))).toEqual({
      check: "success",
      rehearse: "success",
      workflows: "success",
      "ci-ok": "success",
    });
    expect(calls().sort()).toEqual(["npm run lint:workflows -- --require-zizmor", "npm run rehearse"]);
  });

  test("is red in that check when one of them is", async () => {
    command("npm", "");
    expect(checks(await ci("exit 1"))).toMatchObject({ check: "failure", "ci-ok": "failure" });
    command("npm", 'test "$2" != rehearse');
    expect(checks(await ci("exit 0"))).toMatchObject({ rehearse: "failure", "ci-ok": "failure" });
  });
});

describe("release.yml", () => {
  const files = {
    "package.json": '{ "version": "1.4.2" }',
    "dist/shared/index.js": "built",
    "dist/release/index.js": "built",
    "action.yml": "name: release",
  };
  /** Builds what is committed. */
  const reproducing =
    'if [ "$*" = "run build" ]; then mkdir -p dist/shared dist/release; printf built | tee dist/shared/index.js > dist/release/index.js; fi';
  /** A GitHub on which CI passed this commit, v1.4.2 is released or not, and has been tagged at this commit. */
  const gh = (state: { released: boolean; tagged?: string; hasMajor?: boolean; ci?: string }) => `
case "$1 $2" in
  "api repos/octo-org/auction/commits/$GITHUB_SHA/check-runs?check_name=ci-ok") echo "${state.ci ?? "success"}" ;;
  "release view") ${state.released ? "true" : "false"} ;;
  "api repos/octo-org/auction/commits/v1.4.2") echo "${state.tagged ?? "$GITHUB_SHA"}" ;;
  "api --method") [ "$3" != PATCH ] || ${state.hasMajor === false ? "false" : "true"} ;;
esac`;
  /** Builds, with some packages of this version on npm already. */
  const npmWith = (there: string[]) =>
    [reproducing, ...there.map((name) => `[ "$*" != "view ${name}@1.4.2 version" ] || echo 1.4.2`)].join("\n");
  const said = (verb: string) => calls().filter((call) => call.startsWith(verb));

  test("rebuilds, attests, verifies, releases, and only then moves the major tag and publishes", async () => {
    command("npm", reproducing);
    command("gh", gh({ released: false }));
    const result = await run("release", files, "workflow_dispatch");
    expect([checks(result), result.conclusion === "success" ? "" : logOf(result, "release")]).toEqual([
      { release: "success" },
      "",
    ]);
    const order = calls().map((call) => /^(npm \S+|gh \S+ \S+)/.exec(call)?.[0]);
    expect(order).toEqual([
      expect.stringMatching(/^gh api repos\/octo-org\/auction\/commits\/[0-9a-f]{40}\/check-runs\?check_name=ci-ok$/),
      ...["npm ci", "npm run", "npm run"],
      ...["gh attestation verify", "gh attestation verify"],
      ...["gh release view", "gh release create", "gh release verify"],
      ...["gh api repos/octo-org/auction/commits/v1.4.2", "gh api --method"],
      ...["npm run", "npm view", "npm publish", "npm view", "npm publish"],
    ]);
    expect(said("gh api --method").at(-1)).toMatch(/PATCH repos\/octo-org\/auction\/git\/refs\/tags\/v1 .*force=true/);
    expect(said("npm publish").map((call) => /npm\/\S+ .*/.exec(call)?.[0])).toEqual([
      "npm/deploy --access public",
      "npm/augeo-gate --access public",
    ]);
  });

  test("makes the major tag where there is none yet", async () => {
    command("npm", reproducing);
    command("gh", gh({ released: false, hasMajor: false }));
    expect(checks(await run("release", files, "workflow_dispatch"))).toEqual({ release: "success" });
    expect(said("gh api --method").at(-1)).toMatch(/POST repos\/octo-org\/auction\/git\/refs .*refs\/tags\/v1/);
  });

  test("may be run again after it stopped half-way: it creates and publishes nothing a second time", async () => {
    command("npm", npmWith(["@augeo/deploy"]));
    command("gh", gh({ released: true }));
    expect(checks(await run("release", files, "workflow_dispatch"))).toEqual({ release: "success" });
    expect(said("gh release create")).toEqual([]);
    expect(said("gh api --method")).toHaveLength(1);
    expect(said("npm publish")).toEqual([expect.stringContaining("/npm/augeo-gate ")]);
  });

  test("attests and tags nothing when dist/ is not what the sources build", async () => {
    command("npm", reproducing.replace("printf built", "printf other"));
    command("gh", gh({ released: false }));
    const result = await run("release", files, "workflow_dispatch");
    expect(checks(result)).toEqual({ release: "failure" });
    expect(logOf(result, "release")).toMatch(/not what the sources build:[\s\S]*dist\/shared\/index\.js/);
    expect([...said("gh attestation"), ...said("gh release"), ...said("npm publish")]).toEqual([]);
  });

  test.each([
    ["failure", "is failure"],
    ["in_progress", "is in_progress"],
    ["failure, success", "is failure, success"],
    ["", "is missing"],
  ])("builds, attests and tags nothing of a commit whose ci-ok is not green: %j", async (ci, words) => {
    command("npm", reproducing);
    command("gh", gh({ released: false, ci }));
    const result = await run("release", files, "workflow_dispatch");
    expect(checks(result)).toEqual({ release: "failure" });
    expect(logOf(result, "release")).toMatch(new RegExp(`The check ci-ok of [0-9a-f]{40} ${words}, and only a commit`));
    expect(calls()).toHaveLength(1);
  });

  test("leaves the major tag where it is when the version was tagged at another commit", async () => {
    command("npm", reproducing);
    command("gh", gh({ released: true, tagged: "f".repeat(40) }));
    expect(checks(await run("release", files, "workflow_dispatch"))).toEqual({ release: "failure" });
    expect([...said("gh api --method"), ...said("npm publish")]).toEqual([]);
  });
});
