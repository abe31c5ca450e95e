import { assessProbe, type Endpoint, judgeProbes, type ProbeResult, type VerdictRules } from "@augeo/release";
import { describe, expect, test } from "@jest/globals";

const endpoint: Endpoint = { name: "/health", url: "https://app/health" };
const result = (
  change: Partial<Extract<ProbeResult["answer"], { kind: "response" }>> = {},
  latency = 10,
): ProbeResult => ({
  url: endpoint.url,
  at: 0,
  latency,
  answer: { kind: "response", status: 200, headers: {}, body: "", truncated: false, ...change },
});
const refused: ProbeResult = {
  ...result(),
  answer: { kind: "failure", code: "ECONNREFUSED", message: "connection refused" },
};

describe("one probe", () => {
  test.each<[string, Partial<Endpoint>, ProbeResult, readonly string[]]>([
    ["200 is as expected", {}, result(), []],
    ["500 is not", {}, result({ status: 500 }), ["status 500, expected 200 to 299"]],
    [
      "a redirect names where to",
      {},
      result({ status: 302, headers: { location: "/login" } }),
      ["status 302 (redirects to /login), expected 200 to 299"],
    ],
    ["a status that was asked for", { status: [401] }, result({ status: 401 }), []],
    ["a body without the text", { bodyContains: "ok" }, result({ body: "no" }), ['body does not contain "ok"']],
    [
      "HTML where JSON is expected",
      { json: [{ path: "status", equals: "ok" }] },
      result({ body: "<html>", headers: { "content-type": "text/html" } }),
      ["body is not JSON (text/html): <html>"],
    ],
    [
      "a wrong JSON value, deep",
      { json: [{ path: "db.ready", equals: true }] },
      result({ body: '{"db":{"ready":false}}' }),
      ["JSON db.ready is false, expected true"],
    ],
    [
      "a missing JSON value",
      { json: [{ path: "db.ready", equals: true }] },
      result({ body: "{}" }),
      ["JSON db.ready is missing, expected true"],
    ],
    [
      "another release",
      { release: "r2" },
      result({ body: '{"release":"r1"}' }),
      ["answered by release r1, expected r2"],
    ],
    ["the release in a header", { release: "r2" }, result({ headers: { "x-release": "r2" } }), []],
    ["too slow", { maxLatency: 5 }, result(), ["took 10 ms, limit 5 ms"]],
    [
      "several faults at once",
      { bodyContains: "ok", maxLatency: 5 },
      result({ status: 500 }),
      ["status 500, expected 200 to 299", 'body does not contain "ok"', "took 10 ms, limit 5 ms"],
    ],
    ["no answer", {}, refused, ["no answer: connection refused (ECONNREFUSED)"]],
  ])("%s", (_, change, given, faults) => {
    expect(assessProbe({ ...endpoint, ...change }, given).faults).toEqual(faults);
  });
});

describe("the verdict", () => {
  const rules: VerdictRules = { endpoints: [endpoint], successes: 3, failures: 3, atLeast: 0, atMost: 1_000 };
  const judge = (pattern: string, age: number, change: Partial<VerdictRules> = {}) =>
    judgeProbes(
      { ...rules, ...change },
      [...pattern].map((one) => assessProbe(endpoint, one === "+" ? result() : refused)),
      age,
    );

  test.each<[string, string, number, Partial<VerdictRules>, string, boolean]>([
    ["three in a row are healthy", "+++", 10, {}, "healthy", true],
    ["two in a row are open", "++", 10, {}, "unknown", false],
    ["a failure starts the row anew", "++-++", 10, {}, "unknown", false],
    ["failures before the row do not count", "--+++", 10, {}, "healthy", true],
    ["three failures in a row are unhealthy at once", "+---", 10, {}, "unhealthy", true],
    ["without that rule only the deadline decides", "----", 10, { failures: undefined as never }, "unknown", false],
    ["at the deadline failures are unhealthy", "+-", 1_000, {}, "unhealthy", true],
    ["at the deadline too few probes are unknown, never healthy", "+", 1_000, {}, "unknown", true],
    ["no probe at all is unknown", "", 1_000, {}, "unknown", true],
    ["healthy before the bake time is over stays open", "+++++", 10, { atLeast: 500 }, "unknown", false],
    ["and is healthy after it", "+++++", 500, { atLeast: 500 }, "healthy", true],
  ])("%s", (_, pattern, age, change, verdict, final) => {
    const { failures: _unset, ...withoutFailures } = rules;
    const changed = "failures" in change ? withoutFailures : { ...rules, ...change };
    const judged = judgeProbes(
      changed,
      [...pattern].map((one) => assessProbe(endpoint, one === "+" ? result() : refused)),
      age,
    );
    expect(judged).toMatchObject({ verdict, final });
  });

  test("says which endpoint failed and how", () => {
    expect(judge("---", 10).why).toBe("/health failed 3 times in a row: no answer: connection refused (ECONNREFUSED)");
    expect(judge("++", 10).why).toBe("/health: 2 of 3");
  });
});
