import { describe, expect, test } from "@jest/globals";
import { behindBase } from "../../../packages/migrations/src/behind-base.ts";
import type { Revision } from "../../../packages/migrations/src/revision-graph.ts";

function revision(id: string, ...downRevisions: string[]): Revision {
  const none = { dependsOn: [], branchLabels: [], operations: [], imports: [], ignores: [] };
  const rest = { message: id, file: `${id}.py`, line: 1, contentHash: id, upgrade: null, downgrade: null };
  return { id, downRevisions, ...none, ...rest };
}

const chain = [revision("a1"), revision("a2", "a1")];

describe("a new revision", () => {
  test("on the base's head is not overtaken", () => {
    expect(behindBase([revision("b1", "a2")], chain)).toEqual([]);
  });

  test("on a revision that has another after it by now is, and the heads to join are named", () => {
    expect(behindBase([revision("b1", "a1"), revision("b2", "b1")], chain)).toEqual([
      { revision: "b1", file: "b1.py", parent: "a1", heads: ["a2"] },
    ]);
  });

  test("that a merge revision joins with the base's head is not", () => {
    expect(behindBase([revision("b1", "a1"), revision("m", "a2", "b1")], chain)).toEqual([]);
  });

  test("of another branch of the base is not overtaken by the first one", () => {
    expect(behindBase([revision("b1", "x1")], [...chain, revision("x1")])).toEqual([]);
  });
});
