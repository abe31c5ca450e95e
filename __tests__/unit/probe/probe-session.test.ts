import { adviceFor, probeReport, probeUntilVerdict, type SessionOptions } from "@augeo/probe";
import type { Endpoint, ProbeResult } from "@augeo/release";
import { describe, expect, test } from "@jest/globals";

const endpoint: Endpoint = { name: "/health", url: "https://app.example/health" };

type Answer = ProbeResult["answer"];
const answered = (status: number, headers: Record<string, string> = {}, body = "ok"): Answer => ({
  kind: "response",
  status,
  headers,
  body,
  truncated: false,
});
const failed = (code: string): Answer => ({ kind: "failure", code, message: code });

interface World {
  readonly options: SessionOptions;
  readonly asked: { at: number; url: string; timeout: number | undefined; instance: string | undefined }[];
}

/** A world in which each request takes `latency` and waiting takes no real time. */
function world(answers: (index: number) => Answer, more: Partial<SessionOptions> = {}, latency = 10): World {
  let now = 1_000_000;
  const asked: World["asked"] = [];
  const options: SessionOptions = {
    rules: { endpoints: [endpoint], successes: 3, atLeast: 0, atMost: 60_000 },
    interval: 1_000,
    requestTimeout: 5_000,
    clock: {
      now: () => now,
      sleep: async (milliseconds) => {
        now += milliseconds;
      },
    },
    probe: {
      get: async (url, { timeout, instance } = {}) => {
        const at = now;
        asked.push({ at, url, timeout, instance });
        now += latency;
        return { url, at, latency, answer: answers(asked.length - 1) };
      },
    },
    ...more,
  };
  return { options, asked };
}

describe("a session", () => {
  test("keeps its interval from start to start, whatever an answer takes", async () => {
    const { options, asked } = world(() => answered(200), {}, 300);
    await probeUntilVerdict(options);
    expect(asked.map(({ at }) => at - 1_000_000)).toEqual([0, 1_000, 2_000]);
  });

  test("ends at its deadline with what is known, and asks nothing after it", async () => {
    const rules = { endpoints: [endpoint], successes: 3, atLeast: 0, atMost: 2_500 };
    const { options, asked } = world(() => answered(503), { rules });
    const { verdict, duration } = await probeUntilVerdict(options);
    expect(verdict).toBe("unhealthy");
    expect(duration).toBe(2_500);
    expect(asked).toHaveLength(3);
  });

  test("gives no request more time than is left, and does not blame the app for that", async () => {
    const rules = { endpoints: [endpoint], successes: 5, atLeast: 0, atMost: 2_600 };
    const { options, asked } = world((index) => (index < 2 ? answered(200) : failed("TIMEOUT")), { rules });
    const { verdict, assessments } = await probeUntilVerdict(options);
    expect(asked.at(-1)?.timeout).toBe(600);
    expect([verdict, assessments.length]).toEqual(["unknown", 2]);
  });

  test("blames an app that never answered, though the deadline cut its request short", async () => {
    const rules = { endpoints: [endpoint], successes: 1, atLeast: 0, atMost: 2_000 };
    const { options } = world(() => failed("TIMEOUT"), { rules }, 2_000);
    expect((await probeUntilVerdict(options)).verdict).toBe("unhealthy");
  });

  test("does not wait for a redirect to go away", async () => {
    const { options, asked } = world(() => answered(302, { location: "/login" }));
    const { verdict, why } = await probeUntilVerdict(options);
    expect([verdict, asked.length]).toEqual(["unhealthy", 3]);
    expect(why).toContain("redirects, 3 times in a row");
  });

  test("addresses every instance in turn", async () => {
    const { options, asked } = world(() => answered(200), { instances: ["a", "b"] });
    await probeUntilVerdict(options);
    expect(asked.map(({ instance }) => instance)).toEqual(["a", "b", "a"]);
  });

  test("rejects with the reason of its signal", async () => {
    const signal = AbortSignal.abort(new Error("cancelled"));
    await expect(probeUntilVerdict(world(() => answered(200), { signal }).options)).rejects.toThrow("cancelled");
  });
});

describe("the report", () => {
  test("has a row per endpoint, a chart of at most 40 points, and the last failed answer", async () => {
    const rules = { endpoints: [endpoint], successes: 60, atLeast: 0, atMost: 100_000 };
    const hostile = "```\n<script>|</script>";
    const { options } = world((index) => (index === 1 ? answered(500, {}, hostile) : answered(200)), { rules });
    const report = probeReport(await probeUntilVerdict(options));
    expect(report).toContain("| ⚠️ | https://app.example/health | 62 | 1 | 60 | 10&nbsp;ms | 10&nbsp;ms |");
    const points = /line \[(.*)\]/.exec(report)?.[1]?.split(", ") ?? [];
    expect(points).toHaveLength(40);
    expect(report).toContain(`\`\`\`\`text\nGET https://app.example/health\nHTTP 500\n\n${hostile}\n\`\`\`\``);
  });

  test("cannot be broken by what an app answers", async () => {
    const json = [{ path: "status", equals: "ok" }];
    const rules = { endpoints: [{ ...endpoint, json }], successes: 1, failures: 1, atLeast: 0, atMost: 5_000 };
    const { options } = world(() => answered(200, {}, "<b>|`x`|</b>\n\n# heading"), { rules });
    const [, , row = ""] = probeReport(await probeUntilVerdict(options)).split("\n");
    expect(row).toContain("&lt;b>\\|\\`x\\`\\|&lt;/b>");
    expect(row.split(/(?<!\\)\|/)).toHaveLength(11);
  });
});

describe("advice", () => {
  test.each<[string, Answer, RegExp]>([
    ["a name that does not resolve", failed("ENOTFOUND"), /check the host name app\.example/],
    ["a certificate", failed("CERT_HAS_EXPIRED"), /bind a certificate/],
    ["plain HTTP behind https", failed("EPROTO"), /write http:\/\//],
    ["a refused connection", failed("ECONNREFUSED"), /whether the app has started/],
    ["a sign-in", answered(302, { location: "https://login.microsoftonline.com/x" }), /asks for a sign-in/],
    ["a platform that answers for the app", answered(503), /has not started, or has stopped/],
    ["a forbidden path", answered(403), /access restrictions/],
  ])("fits %s", (_, answer, words) => {
    const result: ProbeResult = { url: endpoint.url, at: 0, latency: 1, answer };
    expect(adviceFor({ endpoint: "/health", result, faults: ["x"] })).toMatch(words);
  });
});
