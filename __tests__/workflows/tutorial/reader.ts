/**
 * A reader of the tutorial: a shell in a home of its own, with `git` as it is, `npx @augeo/deploy` as it was built, and
 * `az` and `gh` as far as the page uses them, which ask the rehearsal cloud what the real ones ask Azure and GitHub.
 * A command they do not know ends with an error, and the block with it.
 */
import { execFile, execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Cloud } from "@augeo/rehearsal";
import { temporaryFolder } from "../../../packages/rehearsal/src/temporary-folder.ts";
import { githubOf } from "../../../packages/rehearsal/src/workflows/github-of-cloud.ts";
import type { RunResult, Trigger } from "../../../packages/rehearsal/src/workflows/workflow-run.ts";
import { startWorkflow } from "../../../packages/rehearsal/src/workflows/workflow-runner.ts";
import { azCommand } from "../../support/az-command.ts";
import { dist } from "../../support/run-action.ts";
import { shellOf } from "../../support/run-deploy.ts";
import { root } from "../../support/source-files.ts";

export interface Reader {
  /** Runs one block in the shell that the blocks before it left. Rejects with its output when it fails. */
  run(text: string): Promise<string>;
  /** Runs of workflows so far, oldest first. */
  readonly runs: readonly RunResult[];
  close(): Promise<void>;
}

const programs = join(import.meta.dirname, "programs");

export async function startReader(cloud: Cloud): Promise<Reader> {
  const home = await temporaryFolder("reader");
  const az = await azCommand(cloud);
  const path = (...parts: string[]) => join(home.path, ...parts);
  for (const folder of ["bin", "work", "control"]) mkdirSync(path(folder));
  for (const program of ["az", "gh"]) installProgram(path("bin", program), join(programs, `${program}.cjs`));
  writeFileSync(
    path("bin", "npx"),
    `#!/bin/sh\ntest "$1" = @augeo/deploy || exit 64\nshift\nexec "${process.execPath}" "${join(dist, "deploy.js")}" "$@"\n`,
  );
  chmodSync(path("bin", "npx"), 0o755);
  writeGitConfig(path("gitconfig"), path("github.git"), cloud.oidc.job.repository);
  const env = {
    ...shellOf(cloud, az.folder),
    PATH: [path("bin"), az.folder, process.env.PATH].join(":"),
    HOME: home.path,
    GIT_CONFIG_GLOBAL: path("gitconfig"),
    CURL_CA_BUNDLE: cloud.tls.files.ca,
    READER_AZ: join(az.folder, "az"),
    READER_CA: cloud.tls.files.ca,
    READER_MANAGEMENT: cloud.endpoints.management,
    READER_SUBSCRIPTION: cloud.subscriptionId,
    READER_CONTROL: path("control"),
    READER_REMOTE: path("github.git"),
    READER_NODE: process.execPath,
  };
  writeFileSync(path("state.sh"), `cd "${path("work")}"\n`);
  const runs: RunResult[] = [];
  const hub = new Hub(
    cloud,
    { remote: path("github.git"), control: path("control"), checkout: path("checkout") },
    runs,
  );
  return {
    runs,
    run: (text) => hub.during(() => runBlock(text, path("state.sh"), env)),
    async close() {
      await az.remove();
      await home.remove();
    },
  };
}

function installProgram(target: string, source: string): void {
  writeFileSync(target, `#!/bin/sh\nexec "${process.execPath}" "${source}" "$@"\n`);
  chmodSync(target, 0o755);
}

/** Addresses on github.com lead to this machine; everything else of git is as it is. */
function writeGitConfig(file: string, remote: string, repository: string): void {
  const rule = (local: string, address: string) => `[url "${local}"]\n\tinsteadOf = ${address}\n`;
  writeFileSync(
    file,
    [
      '[user]\n\tname = Reader\n\temail = reader@localhost\n[protocol "file"]\n\tallow = always\n[safe]\n\tdirectory = *\n',
      rule(`file://${root}`, "https://github.com/augeo/deploy-action.git"),
      rule(`file://${remote}`, `https://github.com/${repository}.git`),
    ].join(""),
  );
}

async function runBlock(text: string, state: string, env: Record<string, string>): Promise<string> {
  const script = `set -euo pipefail\n. "${state}"\n${text}\n{ export -p; declare -p HOST SLOT 2>/dev/null || true; printf 'cd %q\\n' "$PWD"; } > "${state}"\n`;
  try {
    const { stdout, stderr } = await promisify(execFile)("bash", ["-c", script], { env, maxBuffer: 16 * 1024 * 1024 });
    return `${stdout}${stderr}`;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`This block failed:\n${text}\n--- it printed ---\n${stdout}${stderr}`);
  }
}

function failedRun(error: unknown): RunResult {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { name: "no run", conclusion: "startup_failure", error: text, jobs: [], deployments: [], graph: [] };
}

/** GitHub's side: what was pushed or dispatched runs, and `gh run watch` waits for it. */
class Hub {
  readonly #cloud: Cloud;
  readonly #places: { remote: string; control: string; checkout: string };
  readonly #runs: RunResult[];
  #head: string | undefined;

  constructor(cloud: Cloud, places: { remote: string; control: string; checkout: string }, runs: RunResult[]) {
    this.#cloud = cloud;
    this.#places = places;
    this.#runs = runs;
  }

  /** Serves `gh` while a block runs. What was pushed and not watched runs after it. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    let over = false;
    const block = work().finally(() => {
      over = true;
    });
    block.catch(() => undefined);
    while (!over) {
      await this.#serve();
      await new Promise((wake) => setTimeout(wake, 50));
    }
    return block;
  }

  async #serve(): Promise<void> {
    const request = join(this.#places.control, "watch");
    if (!existsSync(request)) return;
    rmSync(request);
    // Whatever goes wrong here is told to the waiting block, which then fails with it.
    const run = await this.#runNext().catch((error: unknown) => failedRun(error));
    this.#runs.push(run);
    writeFileSync(
      join(this.#places.control, "done.new"),
      JSON.stringify({ name: run.name, conclusion: run.conclusion, error: run.error }),
    );
    execFileSync("mv", [join(this.#places.control, "done.new"), join(this.#places.control, "done")]);
  }

  async #runNext(): Promise<RunResult> {
    const dispatch = join(this.#places.control, "dispatch.json");
    const github = githubOf(this.#cloud, {
      folder: this.#places.checkout,
      environments: this.#environments(),
      defaults: { "probe-interval": "200ms", "bake-time": "1s" },
    });
    const before = this.#head ?? "0".repeat(40);
    const sha = this.#fetch();
    const common = { ref: "refs/heads/main", sha, actor: "octocat" };
    if (existsSync(dispatch)) {
      const { workflow, inputs } = JSON.parse(readFileSync(dispatch, "utf8"));
      rmSync(dispatch);
      return startWorkflow(github, {
        ...common,
        workflow: `.github/workflows/${workflow}`,
        event: "workflow_dispatch",
        inputs,
      }).done;
    }
    this.#head = sha;
    const push: Trigger = { ...common, workflow: ".github/workflows/deploy.yml", event: "push", payload: { before } };
    return startWorkflow(github, push).done;
  }

  /** What `init --apply` has set on GitHub is what the jobs get. */
  #environments() {
    const all = [...this.#cloud.github.state.environments];
    return Object.fromEntries(
      all.map(([name, { variables = {}, policies }]) => [
        name,
        { vars: variables, ...(policies ? { branches: policies } : {}) },
      ]),
    );
  }

  /** The pushed head, with less patience than the starters have: nobody waits five minutes in a test. */
  #fetch(): string {
    const { remote, checkout } = this.#places;
    rmSync(checkout, { recursive: true, force: true });
    execFileSync("git", ["clone", "--quiet", "--branch", "main", remote, checkout]);
    const deploy = join(checkout, ".github/workflows/deploy.yml");
    const text = readFileSync(deploy, "utf8");
    writeFileSync(
      deploy,
      text.replaceAll(/^( +)(environment: \w+)$/gm, "$1$2\n$1bake-time: 1s\n$1warm-up-timeout: 30s"),
    );
    return execFileSync("git", ["-C", checkout, "rev-parse", "HEAD"], { encoding: "utf8" }).trim();
  }
}
