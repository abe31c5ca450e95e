import { describe, expect, test } from "@jest/globals";
import {
  firewallRuleName,
  isStrayRule,
  LONGEST_USE_OF_RULE,
  ownerOfRule,
} from "../../../packages/azure/src/server-firewall.ts";
import fc from "../../support/properties.ts";

const digits = fc.bigInt({ min: 1n, max: 99_999_999_999_999n }).map(String);
const owner = fc.record({
  repositoryId: digits,
  runId: digits,
  attempt: fc.integer({ min: 1, max: 999 }),
  openedAt: fc.integer({ min: 1, max: 4_000_000_000 }).map((seconds) => seconds * 1_000),
});

describe("the name of a rule", () => {
  test("tells whose it is, and is one that Azure takes", () => {
    fc.assert(
      fc.property(owner, fc.stringMatching(/^[a-z0-9]{6}$/), (given, nonce) => {
        const name = firewallRuleName(given, nonce);
        expect(name).toMatch(/^[a-zA-Z0-9][-_a-zA-Z0-9]{0,79}(?<!-)$/);
        expect(ownerOfRule(name)).toEqual(given);
      }),
    );
  });

  test.each(["AllowAll", "augeo-1-2", "augeo-a-b-c-d-e", "my-augeo-1-2-3-4-a", "augeo-1-2-3-4-a b", ""])(
    "%p is none of ours",
    (name) => expect(ownerOfRule(name)).toBeUndefined(),
  );
});

describe("a rule that was left", () => {
  const self = { repositoryId: "1", runId: "20", attempt: 2 };
  const now = 1_800_000_000_000;
  const rule = (more: object) => ({ ...self, openedAt: now - 60_000, ...more });
  test.each([
    ["of an earlier attempt of this run", { attempt: 1 }, true],
    ["of another job of this attempt", {}, false],
    ["of another run of this repository, which only GitHub can tell", { runId: "19" }, undefined],
    ["of another repository", { repositoryId: "2", runId: "19" }, false],
    [
      "of another repository, older than any run could use it",
      { repositoryId: "2", openedAt: now - LONGEST_USE_OF_RULE - 1_000 },
      true,
    ],
  ])("%s", (_, more, expected) => expect(isStrayRule(rule(more), self, now)).toBe(expected));
});
