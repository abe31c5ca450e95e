import { commitsToCompare, isStale, type ReleaseRecord } from "@augeo/release";
import { expect, test } from "@jest/globals";

const live: ReleaseRecord = { release: "r2", commit: "b".repeat(40), artifact: null, schemaHead: null, at: 0 };
const push = { commit: "a".repeat(40), event: "push", attempt: 1 };

test("a push is compared with the commit that is live", () => {
  expect(commitsToCompare(live, push)).toEqual({ live: live.commit, ours: push.commit });
});

test.each([
  ["nothing is live yet", null, push],
  ["the live release has no known commit", { ...live, commit: null }, push],
  ["the run's commit is the live one", live, { ...push, commit: live.commit }],
  ["the run's commit is not known", live, { ...push, commit: null }],
  ["a person started the run", live, { ...push, event: "workflow_dispatch" }],
  ["a person ran it again", live, { ...push, attempt: 2 }],
])("nothing is compared when %s", (_, record, contender) => {
  expect(commitsToCompare(record, contender)).toBeUndefined();
});

test("only a commit that the live one contains is stale", () => {
  expect((["behind", "ahead", "identical", "diverged", "unknown"] as const).filter(isStale)).toEqual(["behind"]);
});
