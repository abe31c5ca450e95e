import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineAction, type Implementation, Interrupted, implement, runAction, ServiceError } from "@augeo/action-kit";
import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { readAnnotations, readCommands } from "../../support/annotations.ts";
import { readKeyValues } from "../../support/runner-file.ts";

const folder = mkdtempSync(join(tmpdir(), "augeo-kit-"));
const file = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// @actions/core writes to the files that the process's own environment names.
beforeEach(() => {
  for (const name of ["OUTPUT", "STATE", "STEP_SUMMARY"]) {
    writeFileSync(file(name), "");
    process.env[`GITHUB_${name}`] = file(name);
  }
});

const spec = defineAction({
  name: "example",
  title: "Example",
  description: "",
  inputs: {
    app: { kind: "string", required: true, doc: "" },
    slot: { kind: "string", default: "staging", doc: "" },
    password: { kind: "secret", doc: "" },
  },
  outputs: { url: { doc: "" }, count: { doc: "" } },
  permissions: {},
  reasons: {
    done: { decision: "proceed", doc: "All was done." },
    refused: { decision: "hold", fails: true, doc: "It was refused.", fix: "ask again." },
  },
  post: true,
});

interface Ran {
  code: number;
  log: string;
  outputs: Record<string, string>;
  state: Record<string, string>;
  summary: string;
}

async function run(
  implementation: Partial<Implementation<typeof spec>>,
  env: Record<string, string> = {},
  phase: "main" | "post" = "main",
): Promise<Ran> {
  const lines: string[] = [];
  const main = implementation.main ?? (async () => ({ reason: "done" as const, result: {}, summary: "### done" }));
  const code = await runAction(implement(spec, { ...implementation, main }), {
    phase,
    version: "1.2.3",
    env: { GITHUB_STEP_SUMMARY: file("STEP_SUMMARY"), INPUT_APP: "api", ...env },
    write: (text) => lines.push(text),
  });
  const read = (name: string): string => readFileSync(file(name), "utf8");
  return {
    code,
    log: lines.join("\n"),
    outputs: readKeyValues(read("OUTPUT")),
    state: readKeyValues(read("STATE")),
    summary: read("STEP_SUMMARY"),
  };
}

describe("an outcome", () => {
  test("that proceeds becomes outputs, a summary and the last line", async () => {
    const { code, log, outputs, summary } = await run({
      main: async () => ({
        reason: "done",
        outputs: { url: "https://x", count: 3 },
        result: { a: [1] },
        summary: "### ✅ done",
        message: "Three things were done",
      }),
    });
    expect(code).toBe(0);
    expect(outputs).toEqual({
      url: "https://x",
      count: "3",
      decision: "proceed",
      reason: "done",
      result: '{"schema":1,"a":[1]}',
    });
    expect(summary).toBe("### ✅ done\n");
    expect(log.split("\n")).toEqual([
      "deploy-action/example 1.2.3 → api, slot staging",
      "proceed: Three things were done (done)",
    ]);
  });

  test("that fails is one annotation with the fix, and exit code 1", async () => {
    const { code, log, outputs } = await run({ main: async () => ({ reason: "refused", result: {}, summary: "" }) });
    expect(code).toBe(1);
    expect(outputs).toMatchObject({ decision: "hold", reason: "refused" });
    expect(readAnnotations(log)).toEqual([
      { level: "error", message: "It was refused.\nFix: ask again.", properties: { title: "example: refused" } },
    ]);
  });
});

describe("an error", () => {
  test("of a service is told with what, why and fix, and its facts are in the result", async () => {
    const error = new ServiceError({
      service: "Kudu",
      operation: "zipdeploy",
      status: 409,
      code: "Conflict",
      what: "No.",
      why: "Busy.",
      fix: "wait.",
      correlationId: "c-1",
      retryable: true,
    });
    const { code, outputs, log, summary } = await run({ main: () => Promise.reject(error) });
    expect(code).toBe(1);
    expect(outputs.reason).toBe("service-error");
    expect(JSON.parse(outputs.result ?? "")).toEqual({
      schema: 1,
      error: {
        reason: "service-error",
        what: "No.",
        why: "Busy.",
        fix: "wait.",
        service: "Kudu",
        operation: "zipdeploy",
        status: 409,
        code: "Conflict",
        correlationId: "c-1",
        retryable: true,
      },
    });
    expect(readAnnotations(log)[0]?.message).toBe("No.\nWhy: Busy.\nFix: wait.");
    expect(summary).toContain("Why: Busy.");
  });

  test("that nobody foresaw is called a defect of ours, with where to report it", async () => {
    const { outputs, log } = await run({ main: () => Promise.reject(new TypeError("x is not a function")) });
    expect(outputs.reason).toBe("internal-error");
    const [annotation] = readAnnotations(log);
    expect(annotation?.message).toMatch(/has a defect: TypeError: x is not a function/);
    expect(annotation?.message).toMatch(/github\.com\/augeo\/deploy-action\/issues/);
  });

  test("in the inputs is told before main runs", async () => {
    let ran = false;
    const main = async () => {
      ran = true;
      return { reason: "done" as const, result: {}, summary: "" };
    };
    const { outputs } = await run({ main }, { INPUT_APP: "" });
    expect([ran, outputs.reason]).toEqual([false, "usage-error"]);
  });

  test("for a cancelled run is the cancellation, whatever the client called it", async () => {
    const main = async ({ signal }: { signal: AbortSignal }): Promise<never> => {
      process.emit("SIGINT");
      throw Object.assign(new Error("The operation was aborted"), { name: "AbortError", cause: signal.reason });
    };
    expect((await run({ main })).outputs.reason).toBe("interrupted");
  });

  test("that says itself what was left undone is kept", async () => {
    const main = async (): Promise<never> => {
      process.emit("SIGTERM");
      throw new Interrupted({ what: "Stopped.", done: ["the upload"], undone: ["the swap"] });
    };
    expect(JSON.parse((await run({ main })).outputs.result ?? "")).toMatchObject({
      error: { done: ["the upload"], undone: ["the swap"] },
    });
  });
});

describe("cancellation", () => {
  test("aborts the signal and leaves a budget that runs down", async () => {
    const seen: number[] = [];
    await run({
      main: async ({ signal, remaining }) => {
        seen.push(remaining());
        process.emit("SIGINT");
        seen.push(remaining(), Number(signal.aborted));
        process.emit("SIGTERM");
        seen.push(remaining());
        return { reason: "done", result: {}, summary: "" };
      },
    });
    const [before, interrupted = 0, aborted, terminated = 0] = seen;
    expect([before, aborted]).toEqual([Number.POSITIVE_INFINITY, 1]);
    expect(interrupted).toBeGreaterThan(9_000);
    expect(terminated).toBeLessThanOrEqual(2_500);
  });

  test("is written as the outcome although main never ends", async () => {
    const { outputs } = await run({
      main: () => {
        process.emit("SIGTERM");
        return new Promise(() => undefined);
      },
    });
    expect(outputs.reason).toBe("interrupted");
  });

  test("is listened for no longer once the run is over", async () => {
    await run({});
    expect(process.listenerCount("SIGINT") + process.listenerCount("SIGTERM")).toBe(0);
  });
});

describe("the journal", () => {
  test("is on disk when record resolves, and post reads it from the runner", async () => {
    const main = await run({
      main: async ({ journal }) => {
        await journal.record("swap", { from: "staging" });
        expect(readFileSync(file("STATE"), "utf8")).toContain("swap");
        expect(journal.read("swap")).toEqual({ from: "staging" });
        return { reason: "done", result: {}, summary: "" };
      },
    });
    let found: unknown;
    const post = async ({ journal }: { journal: { read(key: string): unknown } }): Promise<void> => {
      found = journal.read("swap");
    };
    await run({ post }, { STATE_swap: main.state.swap ?? "" }, "post");
    expect(found).toEqual({ from: "staging" });
  });
});

describe("post", () => {
  test("sets no outputs and says nothing when it has nothing to do", async () => {
    expect(await run({ post: async () => undefined }, {}, "post")).toMatchObject({ code: 0, log: "", outputs: {} });
  });

  test("says what it could not undo", async () => {
    const { code, log } = await run({ post: () => Promise.reject(new Error("boom")) }, {}, "post");
    expect(code).toBe(1);
    expect(readAnnotations(log)[0]?.properties).toEqual({ title: "example, clean-up: internal-error" });
  });
});

describe("the log", () => {
  test("hides secrets before anything else is printed, also in a run with wrong inputs", async () => {
    const { log } = await run({}, { INPUT_PASSWORD: "hunter2hunter2", INPUT_APP: "" });
    const [first] = readCommands(log);
    expect(first).toMatchObject({ name: "add-mask", message: "hunter2hunter2" });
    expect(log.indexOf("::add-mask::")).toBeLessThan(log.indexOf("deploy-action/example"));
  });

  test("warns once of a workflow that follows main", async () => {
    const env = { GITHUB_ACTION_REF: "main", GITHUB_ACTION_REPOSITORY: "augeo/deploy-action" };
    const { log } = await run({}, env);
    expect(readAnnotations(log).map(({ message }) => message)).toEqual([
      expect.stringContaining("@main, which changes under it"),
    ]);
  });

  test("shows a hostile app name without obeying it", async () => {
    const { log } = await run({}, { INPUT_SLOT: "x\n::error::forged" });
    expect(readAnnotations(log).map(({ message }) => message.split("\n")[0])).toEqual(["Input slot is wrong."]);
  });
});
