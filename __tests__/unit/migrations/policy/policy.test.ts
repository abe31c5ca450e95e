import { applyPolicy, DEFAULT_POLICY, fingerprint, phaseOfFindings, planPhases, readPolicy } from "@augeo/migrations";
import { describe, expect, test } from "@jest/globals";
import { judgeExample } from "../rules/judge-example.ts";

const findings = judgeExample({ sql: "CREATE INDEX team_name ON team (name); ALTER TABLE account DROP COLUMN age;" });
const severityOf = (list: readonly { rule: string; severity: string }[], id: string) =>
  list.find(({ rule }) => rule === id)?.severity;

describe("reading .augeo/migrations.yml", () => {
  test("takes severities per phase, sizes, a baseline and a version", () => {
    const { policy, faults } = readPolicy({
      severities: { expand: { "no-lock-timeout": "block" }, any: { "several-alter-table": false } },
      sizes: { account: 1_200_000, team: "3_000" },
      baseline: ["a1", 20240101],
      irreversible: "block",
      "postgres-version": 16,
    });
    expect(faults).toEqual([]);
    expect(policy.severities.expand.get("no-lock-timeout")).toBe("block");
    expect(policy.severities.any.get("several-alter-table")).toBe("none");
    expect(policy.sizes.get("team")).toEqual({ rows: 3000 });
    expect([...policy.baseline]).toEqual(["a1", "20240101"]);
    expect([policy.irreversible, policy.postgresVersion]).toEqual(["block", 16]);
  });

  test("is the default when the file is empty", () => {
    expect(readPolicy(null)).toEqual({ policy: DEFAULT_POLICY, faults: [] });
  });

  test("tells every fault with its place, and keeps what is sound", () => {
    const { policy, faults } = readPolicy({
      severities: { expnad: {}, expand: { "drop-colum": "block", "drop-table": "fatal" } },
      sizes: { account: "many" },
      baseline: "a1",
      severity: {},
      irreversible: "allow",
    });
    expect(faults.map(({ path }) => path).sort()).toEqual([
      "baseline",
      "severities.expand.drop-colum",
      "severities.expand.drop-table",
      "severities.expnad",
      "severity",
      "sizes.account",
    ]);
    expect(policy.irreversible).toBe("allow");
  });

  test.each([[[1, 2]], ["text"], [{ severities: [1] }], [{ baseline: [{}] }], [{ "postgres-version": "new" }]])(
    "never throws on %j",
    (value) => {
      expect(readPolicy(value).faults.length).toBeGreaterThan(0);
    },
  );
});

describe("applying a policy", () => {
  const context = { revision: "b2", phase: "contract" } as const;

  test("gives a rule the severity of its phase, then of any phase, then of all rules", () => {
    const { policy } = readPolicy({
      severities: { contract: { "drop-column": "warn", "*": "info" }, any: { "index-not-concurrent": "none" } },
    });
    const applied = applyPolicy(findings, policy, context);
    expect(severityOf(applied, "drop-column")).toBe("warn");
    expect(severityOf(applied, "index-not-concurrent")).toBeUndefined();
    expect(severityOf(applied, "no-lock-timeout")).toBe("info");
  });

  test("leaves out what the baseline accepts: a revision, or one finding of it", () => {
    const [dropped] = findings.filter(({ rule }) => rule === "drop-column");
    const one = readPolicy({ baseline: [dropped === undefined ? "" : fingerprint("b2", dropped)] }).policy;
    expect(severityOf(applyPolicy(findings, one, context), "drop-column")).toBeUndefined();
    expect(severityOf(applyPolicy(findings, one, context), "index-not-concurrent")).toBe("block");
    expect(applyPolicy(findings, readPolicy({ baseline: ["b2"] }).policy, context)).toEqual([]);
  });

  test("lets small tables be worked on, and estimates the wait on large ones", () => {
    const small = applyPolicy(findings, readPolicy({ sizes: { team: 500 } }).policy, context);
    expect(severityOf(small, "index-not-concurrent")).toBe("info");
    const large = applyPolicy(findings, readPolicy({ sizes: { team: 30_000_000 } }).policy, context);
    expect(severityOf(large, "index-not-concurrent")).toBe("block");
    expect(large.find(({ rule }) => rule === "index-not-concurrent")).toMatchObject({
      rows: 30_000_000,
      note: "about 60 s",
    });
  });

  test("does not fear for old code in a release that has none left", () => {
    const applied = applyPolicy(findings, DEFAULT_POLICY, { ...context, isContractRelease: true });
    expect(severityOf(applied, "drop-column")).toBe("warn");
    expect(severityOf(applied, "index-not-concurrent")).toBe("block");
  });
});

describe("phases", () => {
  test("are contract as soon as one finding breaks old code", () => {
    expect(phaseOfFindings(findings)).toBe("contract");
    expect(phaseOfFindings(judgeExample({ sql: "CREATE INDEX team_name ON team (name);" }))).toBe("expand");
  });

  test("order a chain: nothing overtakes what must wait", () => {
    const chain = (["expand", "expand", "backfill", "expand", "contract", "expand"] as const).map((phase, id) => ({
      id,
      phase,
    }));
    const { now, afterSwap, nextRelease } = planPhases(chain);
    expect([now, afterSwap, nextRelease].map((some) => some.map(({ id }) => id))).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
    expect(planPhases([])).toEqual({ now: [], afterSwap: [], nextRelease: [] });
  });
});
