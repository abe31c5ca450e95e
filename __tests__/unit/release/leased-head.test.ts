import { breakLeaseCommand, describeLease, emptyHead, type Head, planRollout } from "@augeo/release";
import { describe, expect, test } from "@jest/globals";
import { planOf, scenario } from "./crash-model/scenario.ts";

const at = (time: string) => Date.parse(`2026-01-01T${time}Z`);
const url = "https://github.com/o/r/actions/runs/7";

function headIn(op: "swap" | "route"): Head {
  const holder = { claimId: "o/r/7", repository: "o/r", runId: "7", attempt: 2, actor: "ann", url, since: 0 };
  const intent = {
    op,
    opId: "x",
    args: { weight: null },
    expect: { production: "r1", staging: "r2", weight: 0 },
    asyncUrl: null,
    startedAt: at("12:03:10"),
    deadline: 0,
    endedAt: null,
    acknowledged: false,
    refusal: null,
  };
  const rollout = { ...planRollout(planOf(scenario("any"), 1), null, 0), phase: "PROMOTING" as const, intent };
  return { ...emptyHead("api", "prod"), holder, rollout };
}

describe("a lease that is in the way", () => {
  test("is told by whose it is, which act was begun, and when it is over", () => {
    expect(describeLease(headIn("swap"), at("12:04:15"))).toBe(
      `Run ${url}, attempt 2, started by ann, has a short lease on the ledger, to change what is live, since 12:03:10 UTC: the swap of r2 (PROMOTING). If it is dead, its request may still be on its way, so the lease is waited out: it ends by itself, at 12:04:15 UTC at the latest.`,
    );
    expect(describeLease(headIn("route"), 0)).toContain("the change of the traffic of r2 (PROMOTING)");
  });

  test("of somebody whom the ledger does not name is not blamed on anybody", () => {
    expect(describeLease(emptyHead("api", "prod"), 0)).toMatch(
      /^A run that the ledger does not name has a short lease/,
    );
    expect(describeLease(undefined, 0)).toMatch(/^A run that the ledger does not name/);
  });

  test("is ended by a command for the ledger's own place", () => {
    expect(breakLeaseCommand("https://acc.blob.core.windows.net/releases/api/prod/head.json")).toBe(
      "az storage blob lease break --auth-mode login --account-name acc -c releases -b api/prod/head.json",
    );
  });
});
