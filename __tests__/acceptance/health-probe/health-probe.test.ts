import { afterEach, describe, expect, test } from "@jest/globals";
import { temporaryFolder } from "../../../packages/rehearsal/src/temporary-folder.ts";
import { createTls } from "../../../packages/rehearsal/src/tls.ts";
import { readCommands } from "../../support/annotations.ts";
import { type Answer, type EndpointServer, startEndpoints } from "../../support/endpoint-server.ts";
import { type MainRun, type RunOptions, runAction } from "../../support/run-action.ts";

let server: EndpointServer | undefined;
afterEach(async () => server?.close());

const json = (body: unknown, more: Partial<Answer> = {}): Answer => ({
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
  ...more,
});

async function probe(
  answer: (path: string, count: number) => Answer | undefined,
  inputs: RunOptions["inputs"] = {},
  options: Partial<RunOptions> = {},
): Promise<MainRun> {
  server = await startEndpoints(answer);
  return runAction("health-probe", {
    ...options,
    inputs: { "health-path": "/health", url: server.url, interval: "50ms", timeout: "30s", ...inputs },
  });
}

function errorOf(run: MainRun): string {
  const errors = run.annotations.filter(({ level }) => level === "error");
  expect(errors).toHaveLength(1);
  return errors[0]?.message ?? "";
}

describe("a healthy app", () => {
  test("is proved by answers in a row, and the run says so in its outputs, summary and last line", async () => {
    const run = await probe(() => json({ status: "ok", release: "r7" }), { release: "r7", json: "status = ok" });
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({ decision: "proceed", reason: "healthy", probes: "3", failed: "0" });
    expect(run.result).toMatchObject({ schema: 1, verdict: "healthy" });
    expect(run.summary).toMatch(/^### ✅ Healthy/);
    expect(run.stdout).toMatch(/^deploy-action\/health-probe \d+\.\d+\.\d+\n/);
    expect(run.stdout.trimEnd().split("\n").at(-1)).toMatch(/^proceed: .*\(healthy\)$/);
    expect(run.annotations).toEqual([]);
    expect(run.stderr).toBe("");
  });

  test("may need some time to start: failures before the row do not count", async () => {
    const run = await probe((_, count) => (count < 4 ? { status: 503, body: "starting" } : json({})));
    expect(run.outputs).toMatchObject({ reason: "healthy", probes: "7", failed: "4" });
  });

  test("has to be healthy at every endpoint", async () => {
    const run = await probe((path, count) => (path === "/ready" && count < 2 ? { status: 503 } : json({})), {
      "health-path": "/live\n/ready\n",
    });
    expect(run.outputs).toMatchObject({ reason: "healthy", failed: "2" });
    expect(server?.requests.map(({ url }) => url)).toEqual(expect.arrayContaining(["/live", "/ready"]));
  });

  test("is watched for the whole bake time", async () => {
    const run = await probe((_, count) => (count === 5 ? { status: 500 } : json({})), { "bake-time": "2s" });
    expect(run.outputs).toMatchObject({ reason: "healthy", failed: "1" });
    expect(Number(run.outputs.probes)).toBeGreaterThan(7);
  });
});

describe("an unhealthy app", () => {
  test.each<[string, Answer, RunOptions["inputs"], RegExp, RegExp]>([
    ["answers 500", { status: 500, body: "Traceback" }, {}, /status 500, expected 200 to 299/, /the app itself failed/],
    ["is not there", { status: 404 }, {}, /status 404/, /check the path/],
    ["does not run", { status: 503 }, {}, /status 503/, /has not started, or has stopped/],
    [
      "runs another release",
      json({ release: "r6" }),
      { release: "r7" },
      /answered by release r6, expected r7/,
      /Fix: /,
    ],
    ["names no release", json({}), { release: "r7" }, /names no release/, /Fix: /],
    [
      "says that it is not well",
      json({ checks: { database: false } }),
      { json: "checks.database = true" },
      /checks\.database is false, expected true/,
      /Fix: /,
    ],
    ["lacks the expected text", { body: "hello" }, { "body-contains": "pong" }, /does not contain "pong"/, /Fix: /],
    ["is too slow", json({}, { delay: 80 }), { "max-latency": "30ms" }, /limit 30 ms/, /Fix: /],
    [
      "answers a web page",
      { headers: { "content-type": "text/html" }, body: "<html>Hi</html>" },
      { json: "status = ok" },
      /body is not JSON \(text\/html\)/,
      /is a web page, where JSON is expected/,
    ],
    ["hangs", { delay: 60_000 }, { "request-timeout": "100ms" }, /did not answer in time/, /raise request-timeout/],
    [
      "cuts connections",
      { cut: true },
      {},
      /closed the connection without an answer/,
      /Fix: see whether the app has started/,
    ],
  ])("that %s is named with what it did and what to do", async (_, answer, inputs, fault, fix) => {
    const run = await probe(() => answer, { failures: 3, ...inputs });
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ decision: "hold", reason: "unhealthy" });
    expect(errorOf(run)).toMatch(fault);
    expect(errorOf(run)).toMatch(fix);
    expect(run.summary).toMatch(/^### ❌ Unhealthy/);
  });

  test("that redirects is not waited for: a sign-in is named as such", async () => {
    const run = await probe(() => ({ status: 302, headers: { location: "/.auth/login/aad" } }), { timeout: "1m" });
    expect(run.outputs).toMatchObject({ reason: "unhealthy", probes: "3" });
    expect(errorOf(run)).toMatch(/redirects to \/\.auth\/login\/aad/);
    expect(errorOf(run)).toMatch(/Fix: the path asks for a sign-in/);
  });

  test("that redirects elsewhere is told the address to probe", async () => {
    const run = await probe(() => ({ status: 301, headers: { location: "https://www.example.com/health" } }));
    expect(errorOf(run)).toMatch(/probe https:\/\/www\.example\.com\/health itself/);
  });

  test("may be expected to redirect", async () => {
    const run = await probe(() => ({ status: 301, headers: { location: "/x" } }), { status: "200, 300-308" });
    expect(run.outputs.reason).toBe("healthy");
  });

  test("is shown with its answer, which cannot act on the log or the summary", async () => {
    const body = "::error::forged\n::set-output name=decision::proceed\n```\n<script>x</script>";
    const run = await probe(() => ({ status: 500, body }), { failures: 2 });
    expect(run.stdout).toContain("::error::forged");
    expect(readCommands(run.stdout).map(({ name }) => name)).not.toContain("set-output");
    expect(errorOf(run)).not.toContain("forged");
    expect(run.outputs.decision).toBe("hold");
    expect(run.summary).toContain("````text");
  });

  test("gets no verdict when the deadline leaves too few probes", async () => {
    const slow = (_: string, count: number) => json({}, count >= 2 ? { delay: 60_000 } : {});
    const run = await probe(slow, { timeout: "3s", successes: 3 });
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ decision: "hold", reason: "unknown" });
  });
});

describe("an address that leads nowhere", () => {
  const failures = 2;
  test("does not resolve", async () => {
    const run = await probe(() => undefined, { "health-path": "https://no-such-app.invalid/health", failures });
    expect(errorOf(run)).toMatch(/the name no-such-app\.invalid (?:does not resolve|could not be looked up)/);
  });

  test("has nothing listening", async () => {
    const other = await startEndpoints(() => undefined);
    await other.close();
    const run = await probe(() => undefined, { "health-path": `${other.url}/health`, failures });
    expect(errorOf(run)).toMatch(/refused the connection: nothing listens there/);
  });

  test("speaks no TLS", async () => {
    const plain = await startEndpoints(() => json({}));
    const run = await probe(() => undefined, { "health-path": `${plain.url.replace("http:", "https:")}/h`, failures });
    await plain.close();
    expect(errorOf(run)).toMatch(/does not speak TLS on this port/);
  });

  test("has a certificate that is not trusted, and is healthy once its authority is", async () => {
    const folder = await temporaryFolder("probe");
    const tls = await createTls(folder.path);
    const secure = await startEndpoints(() => json({}), tls);
    const inputs = { "health-path": `${secure.url}/health`, failures };
    const distrusted = await probe(() => undefined, inputs);
    await server?.close();
    const trusted = await probe(() => undefined, inputs, { env: { NODE_EXTRA_CA_CERTS: tls.files.ca } });
    await secure.close();
    await folder.remove();
    expect(errorOf(distrusted)).toMatch(/certificate of .* is not trusted/);
    expect(errorOf(distrusted)).toMatch(/NODE_EXTRA_CA_CERTS/);
    expect(trusted.outputs.reason).toBe("healthy");
  });

  test("is reached through the proxy that the environment names", async () => {
    const proxy = await startEndpoints((path) => (path === "http://api.invalid/health" ? json({}) : { status: 502 }));
    const run = await probe(
      () => undefined,
      { "health-path": "http://api.invalid/health" },
      { env: { http_proxy: proxy.url } },
    );
    await proxy.close();
    expect(run.outputs.reason).toBe("healthy");
  });
});

describe("wrong inputs", () => {
  test("are all named at once, and nothing is asked", async () => {
    const run = await probe(() => json({}), {
      "health-path": "health",
      status: "2xx",
      successes: 0,
      timeout: "90",
      json: "status",
      "body-contain": "x",
    });
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ decision: "hold", reason: "usage-error" });
    const error = errorOf(run);
    expect(error).toMatch(/^5 inputs are wrong: health-path, status, json, successes, timeout\.\nWhy: /);
    expect(error).toContain("write 90s for seconds");
    expect(error).toMatch(/\nFix: /);
    expect(run.annotations.filter(({ level }) => level === "warning").map(({ message }) => message)).toEqual([
      "There is no input body-contain: it was ignored. Did you mean body-contains?",
    ]);
    expect(server?.requests).toHaveLength(0);
    expect(JSON.parse(run.outputs.result ?? "")).toMatchObject({ schema: 1, error: { reason: "usage-error" } });
  });

  test.each<[string, RunOptions["inputs"], RegExp]>([
    ["a path without an app's address", { url: "" }, /url says no app's address/],
    [
      "a deadline too near for the successes",
      { successes: 100, interval: "1s", timeout: "10s" },
      /set timeout to at least 100s/,
    ],
    [
      "half of a sign-in",
      { app: "api", "client-id": "11111111-2222-3333-4444-555555555555" },
      /Missing: tenant-id, subscription-id, resource-group/,
    ],
  ])("%s is refused before anything is asked", async (_, inputs, words) => {
    const run = await probe(() => json({}), inputs);
    expect(run.outputs.reason).toBe("usage-error");
    expect(errorOf(run)).toMatch(words);
    expect(server?.requests).toHaveLength(0);
  });
});

describe("cancelling", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "by %s ends at once, with outputs, a summary and an error of its own",
    async (signal) => {
      const run = await probe(
        () => ({ status: 503 }),
        { timeout: "1m" },
        { signalAfter: { signal, moment: /status 503/ } },
      );
      expect(run.exitCode).toBe(1);
      expect(run.signal).toBeNull();
      expect(run.outputs).toMatchObject({ decision: "hold", reason: "interrupted" });
      expect(errorOf(run)).toMatch(/^The run was cancelled\./);
      expect(run.summary).toMatch(/^### ⚠️/);
    },
  );

  test("by SIGKILL leaves nothing behind that could be taken for an outcome", async () => {
    const run = await probe(
      () => ({ status: 503 }),
      { timeout: "1m" },
      { signalAfter: { signal: "SIGKILL", moment: /status 503/ } },
    );
    expect(run.signal).toBe("SIGKILL");
    expect(run.outputs).toEqual({});
  });
});
