import { afterEach, describe, expect, test } from "@jest/globals";
import { ConcurrencyGroups } from "../../../packages/rehearsal/src/workflows/concurrency.ts";
import type { RunResult } from "../../../packages/rehearsal/src/workflows/workflow-run.ts";
import { removeRepositories, start } from "../small-repository.ts";

afterEach(removeRepositories);

function workflow(jobs: string, head = "on: push"): Record<string, string> {
  return { ".github/workflows/main.yml": `${head}\njobs:\n${jobs}` };
}

function results(run: RunResult): Record<string, string> {
  return Object.fromEntries(run.jobs.map((job) => [job.check, job.result]));
}

describe("jobs", () => {
  test("run after their needs, take outputs along, and are skipped when a need failed", async () => {
    const run = await start(
      workflow(`
  build:
    runs-on: ubuntu-latest
    outputs:
      digest: \${{ steps.pack.outputs.digest }}
    steps:
      - id: pack
        run: echo "digest=abc" >> "$GITHUB_OUTPUT"
  deploy:
    needs: build
    runs-on: ubuntu-latest
    steps:
      - run: test "\${{ needs.build.outputs.digest }}" = abc && exit 3
  after:
    needs: deploy
    runs-on: ubuntu-latest
    steps: [{ run: echo never }]
  ok:
    needs: [build, deploy, after]
    if: always()
    runs-on: ubuntu-latest
    steps:
      - run: echo "\${{ join(needs.*.result, ' ') }}"
`),
    ).done;
    expect(run.error).toBeUndefined();
    expect(results(run)).toEqual({ build: "success", deploy: "failure", after: "skipped", ok: "success" });
    expect(run.jobs.find((job) => job.check === "ok")?.log.join("\n")).toContain("success failure skipped");
    expect(run.conclusion).toBe("failure");
  });

  test("a need that was skipped is neither success, failure nor cancelled", async () => {
    const run = await start(
      workflow(`
  off:
    if: github.event_name == 'never'
    runs-on: ubuntu-latest
    steps: [{ run: echo }]
  plain:
    needs: off
    runs-on: ubuntu-latest
    steps: [{ run: echo }]
  wanted:
    needs: off
    if: "!failure() && !cancelled()"
    runs-on: ubuntu-latest
    steps: [{ run: echo }]
  failed:
    needs: off
    if: failure() || cancelled()
    runs-on: ubuntu-latest
    steps: [{ run: echo }]
`),
    ).done;
    expect(results(run)).toEqual({ off: "skipped", plain: "skipped", wanted: "success", failed: "skipped" });
  });

  test("a matrix makes a job of each combination, named with its values", async () => {
    const run = await start(
      workflow(`
  probe:
    strategy: { matrix: { slot: [blue, green], include: [{ slot: blue, extra: 1 }] } }
    runs-on: ubuntu-latest
    steps: [{ run: 'echo slot=\${{ matrix.slot }}' }]
`),
    ).done;
    expect(results(run)).toEqual({ "probe (blue, 1)": "success", "probe (green)": "success" });
  });

  test("unknown syntax is a startup failure that names it", async () => {
    const run = await start(
      workflow(
        "  a:\n    runs-on: ubuntu-latest\n    services: { db: { image: postgres } }\n    steps: [{ run: echo }]\n",
      ),
    ).done;
    expect(run).toMatchObject({
      conclusion: "startup_failure",
      error: expect.stringContaining("does not know services"),
    });
  });

  test("what GitHub's schema refuses is refused in its words", async () => {
    const run = await start(workflow("  a:\n    runs-on: ubuntu-latest\n    steps: [{ run: echo, foo: 1 }]\n")).done;
    expect(run.error).toContain("Unexpected value 'foo'");
  });
});

describe("what starts a run", () => {
  const job = "  a:\n    runs-on: ubuntu-latest\n    steps: [{ run: echo }]\n";
  const conclusion = async (on: string, more = {}) => (await start(workflow(job, on), more).done).conclusion;

  test("is a push to a branch that its filter names, with a path that its filter names", async () => {
    const first = { payload: { before: "4b825dc642cb6eb9a060e54bf8d69288fbee4904" } };
    expect(await conclusion("on: { push: { branches: [main] } }")).toBe("success");
    expect(await conclusion("on: { push: { branches: ['release/*'] } }")).toBe("not_triggered");
    expect(await conclusion("on: { push: { branches-ignore: [main] } }")).toBe("not_triggered");
    expect(await conclusion("on: { push: { paths: ['.github/**'] } }", first)).toBe("success");
    expect(await conclusion("on: { push: { paths: ['backend/**'] } }", first)).toBe("not_triggered");
    expect(await conclusion("on: { push: { paths: ['**', '!.github/**'] } }", first)).toBe("not_triggered");
    expect(await conclusion("on: { push: { paths-ignore: ['.github/**'] } }", first)).toBe("not_triggered");
  });

  test("is never a filter that the runner does not play: it names it", async () => {
    const run = await start(workflow(job, "on: { push: { tags: [v1] } }")).done;
    expect(run).toMatchObject({ conclusion: "startup_failure", error: expect.stringContaining("on.push.tags") });
  });
});

describe("artifacts", () => {
  test("keep the digest of their zip, and come back as files or as that zip", async () => {
    const run = await start(
      workflow(`
  a:
    runs-on: ubuntu-latest
    steps:
      - run: mkdir site && echo hello > site/index.html
      - { id: up, uses: actions/upload-artifact@v7, with: { name: site, path: site } }
      - uses: actions/download-artifact@v8
        with: { artifact-ids: '\${{ steps.up.outputs.artifact-id }}', path: raw, skip-decompress: true }
      - uses: actions/download-artifact@v8
        with: { name: site, path: files }
      - run: |
          echo "\${{ steps.up.outputs.artifact-digest }}  raw/site.zip" | sha256sum --check
          test "$(cat files/index.html)" = hello
`),
    ).done;
    expect(run.jobs[0]?.log.at(-1)).toBe("raw/site.zip: OK");
    expect(run.conclusion).toBe("success");
  });

  test("are refused with an input that the runner does not play", async () => {
    const step = "{ uses: actions/upload-artifact@v7, with: { path: ., archive: false } }";
    const run = await start(workflow(`  a:\n    runs-on: ubuntu-latest\n    steps: [${step}]\n`)).done;
    expect(run.jobs[0]?.log.join("\n")).toContain("does not know archive");
    expect(run.conclusion).toBe("failure");
  });
});

describe("steps", () => {
  test("a composite resolves $/ in its own repository and sees neither secrets nor vars", async () => {
    const files = {
      ...workflow(
        "  a:\n    runs-on: ubuntu-latest\n    outputs: { said: '${{ steps.say.outputs.said }}' }\n    steps: [{ id: say, uses: $/say, with: { word: hi } }]\n",
      ),
      "say/action.yml":
        "name: say\ninputs: { word: { default: no } }\noutputs: { said: { value: '${{ steps.inner.outputs.x }}' } }\nruns:\n  using: composite\n  steps:\n    - id: inner\n      uses: $/inner\n      with: { word: '${{ inputs.word }}' }\n",
      "inner/action.yml": "name: inner\ninputs: { word: {} }\nruns: { using: node24, main: index.js, post: post.js }\n",
      "inner/index.js":
        "const fs=require('fs');fs.appendFileSync(process.env.GITHUB_OUTPUT,'x<<E\\n'+process.env.INPUT_WORD+'!\\nE\\n');fs.appendFileSync(process.env.GITHUB_STATE,'k=v\\n')",
      "inner/post.js": "console.log('post with '+process.env.STATE_k)",
    };
    const run = await start(files).done;
    expect(run.error).toBeUndefined();
    expect(run.jobs[0]).toMatchObject({ result: "success", outputs: { said: "hi!" } });
    expect(run.jobs[0]?.log).toContain("post with v");
    const secretive = await start({
      ...files,
      "say/action.yml":
        "name: s\nruns:\n  using: composite\n  steps: [{ run: 'echo ${{ secrets.PASSWORD }}', shell: bash }]\n",
    }).done;
    expect(secretive.conclusion).toBe("failure");
  });

  test("an action's default gives way to the runner's own, and both to what its user gives", async () => {
    const files = {
      ...workflow(
        "  a:\n    runs-on: ubuntu-latest\n    steps: [{ uses: $/say }, { uses: $/say, with: { word: given } }]\n",
      ),
      "say/action.yml": "name: say\ninputs: { word: { default: slow } }\nruns: { using: node24, main: index.js }\n",
      "say/index.js": "console.log('it is '+process.env.INPUT_WORD)",
    };
    const said = async (defaults?: Record<string, string>) => {
      const run = await start(files, {}, { uses: { repositories: {}, standIns: {}, ...(defaults && { defaults }) } })
        .done;
      return run.jobs[0]?.log.filter((line) => line.startsWith("it is "));
    };
    expect(await said()).toEqual(["it is slow", "it is given"]);
    expect(await said({ word: "quick", other: "x" })).toEqual(["it is quick", "it is given"]);
  });

  test("secrets are masked in the log, and an output that holds one is dropped", async () => {
    const run = await start(
      workflow(`
  a:
    runs-on: ubuntu-latest
    outputs: { leak: '\${{ steps.s.outputs.leak }}', fine: '\${{ steps.s.outputs.fine }}' }
    steps:
      - id: s
        env: { P: '\${{ secrets.PASSWORD }}' }
        run: |
          echo "it is $P"
          echo "leak=$P" >> "$GITHUB_OUTPUT"
          echo "fine=1" >> "$GITHUB_OUTPUT"
`),
    ).done;
    expect(run.jobs[0]?.log).toContain("it is ***");
    expect(run.jobs[0]?.outputs).toEqual({ leak: "", fine: "1" });
  });

  test("a cancelled run interrupts the running step, runs only what asks for it, and the post", async () => {
    const started = start({
      ...workflow(
        "  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: $/slow\n      - run: echo not-me\n      - if: always()\n        run: echo cleanup\n",
      ),
      "slow/action.yml": "name: slow\nruns: { using: node24, main: index.js, post: post.js }\n",
      "slow/index.js":
        "process.on('SIGINT',()=>{console.log('interrupted');process.exit(1)});console.log('ready');setInterval(()=>{},1000)",
      "slow/post.js": "console.log('post ran')",
    });
    await until(() => started.lines.some((line) => line.endsWith("ready")));
    started.cancel();
    const run = await started.done;
    const log = run.jobs[0]?.log ?? [];
    expect(run.conclusion).toBe("cancelled");
    expect(log).toEqual(expect.arrayContaining(["interrupted", "cleanup", "post ran"]));
    expect(log).not.toContain("not-me");
  });

  test("a step with if: always() cannot be cancelled", async () => {
    const started = start(
      workflow(
        "  a:\n    runs-on: ubuntu-latest\n    steps:\n      - if: always()\n        run: echo ready; sleep 0.4; echo finished\n",
      ),
    );
    await until(() => started.lines.some((line) => line.endsWith("ready")));
    started.cancel();
    expect((await started.done).jobs[0]?.log).toContain("finished");
  });

  test("when the machine is lost nothing runs after, no always() and no post", async () => {
    const started = start({
      ...workflow(
        "  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: $/slow\n      - if: always()\n        run: echo cleanup\n",
      ),
      "slow/action.yml": "name: slow\nruns: { using: node24, main: index.js, post: index.js }\n",
      "slow/index.js": "console.log('ready');setInterval(()=>{},1000)",
    });
    await until(() => started.lines.some((line) => line.endsWith("ready")));
    started.loseMachines();
    const run = await started.done;
    expect(run.jobs[0]?.result).not.toBe("success");
    expect(run.jobs[0]?.log.filter((line) => line === "ready")).toHaveLength(1);
    expect(run.jobs[0]?.log).not.toContain("cleanup");
  });
});

describe("reusable workflows", () => {
  const callee = (permissions: string): string => `
on:
  workflow_call:
    inputs: { environment: { type: string, required: true }, dry: { type: boolean, default: false } }
    outputs: { live: { value: '\${{ jobs.go.outputs.live }}' } }
permissions: ${permissions}
jobs:
  go:
    runs-on: ubuntu-latest
    environment: { name: '\${{ inputs.environment }}', url: 'https://\${{ vars.HOST }}' }
    outputs: { live: '\${{ steps.x.outputs.live }}' }
    steps:
      - id: x
        run: echo "live=\${{ vars.HOST }} \${{ vars.REGION }} \${ACTIONS_ID_TOKEN_REQUEST_URL:-no id token}" >> "$GITHUB_OUTPUT"
`;
  const files = (given: string, asked: string): Record<string, string> => ({
    ...workflow(
      `  deploy:\n    permissions: ${given}\n    uses: $/.github/workflows/callee.yml\n    with: { environment: staging }\n`,
    ),
    ".github/workflows/callee.yml": callee(asked),
  });
  const environments = { staging: { vars: { HOST: "staging.example" } } };

  test("have the environment's vars, an ID token for that environment, and checks named after both", async () => {
    const run = await start(files("{ id-token: write }", "{ id-token: write }"), {}, { environments }).done;
    expect(results(run)).toEqual({ "deploy / go": "success" });
    expect(run.jobs[0]?.outputs.live).toBe("staging.example westeurope https://127.0.0.1/id?environment=staging");
    expect(run.deployments).toEqual([
      { environment: "staging", check: "deploy / go", state: "success", url: "https://staging.example" },
    ]);
  });

  test("cannot ask for more than their caller has", async () => {
    const run = await start(files("{ contents: read }", "{ id-token: write }"), {}, { environments }).done;
    expect(run).toMatchObject({
      conclusion: "startup_failure",
      error: expect.stringContaining("is requesting 'id-token: write'"),
    });
  });

  test("a fork's pull request gets no ID token", async () => {
    const asked = files("{ id-token: write }", "{ id-token: write }");
    const run = await start(asked, { fork: true }, { environments }).done;
    expect(run.jobs[0]?.outputs.live).toContain("no id token");
  });

  test("an environment with reviewers waits for one of them", async () => {
    const reviewed = { staging: { vars: { HOST: "h" }, reviewers: ["hubot"] } };
    const started = start(files("{ id-token: write }", "{ id-token: write }"), {}, { environments: reviewed });
    await until(() => started.waiting.length === 1);
    expect(started.waiting[0]).toMatchObject({ check: "deploy / go", environment: "staging", reviewers: ["hubot"] });
    started.waiting[0]?.approve();
    expect((await started.done).conclusion).toBe("success");
  });
});

describe("concurrency groups", () => {
  test("queue: max keeps all in order; the default keeps one pending, the newest", async () => {
    for (const [queue, expected] of [
      ["max", ["success", "success", "success"]],
      ["single", ["success", "cancelled", "success"]],
    ] as const) {
      const groups = new ConcurrencyGroups();
      const files = workflow(
        "  a:\n    runs-on: ubuntu-latest\n    steps: [{ run: sleep 0.3 }]\n",
        `on: push\nconcurrency: { group: deploy, queue: ${queue} }`,
      );
      const runs = [start(files, {}, { groups }), start(files, {}, { groups }), start(files, {}, { groups })];
      const ended = await Promise.all(runs.map((run) => run.done));
      expect(ended.map((run) => run.conclusion)).toEqual(expected);
    }
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
