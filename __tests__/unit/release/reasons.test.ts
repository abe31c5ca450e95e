import { expect, test } from "@jest/globals";
import type { Rollout } from "../../../packages/release/src/ledger-records.ts";
import { unhealthyStaging } from "../../../packages/release/src/reasons.ts";

const rollout = {
  place: { app: "api", resourceGroup: "rg", slot: "staging" },
  target: { release: "r2" },
} as unknown as Rollout;

test.each([
  ["status 404, expected 200 to 299", "If the app has no such path, correct health-path. Read the slot's log"],
  ["status 401, expected 200 to 299", "If the path asks for a sign-in, set health-path to one that does not."],
  ["status 302, expected 200 to 299", "Redirects are not followed: set health-path to where this one leads."],
  ["status 503, expected 200 to 299", "Read the slot's log (az webapp log tail -g rg -n api --slot staging)"],
])("a slot that answers with %s: %s", (why, fix) => {
  expect(unhealthyStaging(rollout, "unhealthy", why).fix.startsWith(fix)).toBe(true);
});
