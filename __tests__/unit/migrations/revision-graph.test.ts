import {
  ancestors,
  buildGraph,
  type Node,
  pathBetween,
  resolveTarget,
  topologicalOrder,
  unknownRevisions,
} from "@augeo/migrations";
import { describe, expect, test } from "@jest/globals";
import fc from "../../support/properties.ts";

function node(id: string, parents: readonly string[] = [], more: Partial<Node> = {}): Node {
  return { id, downRevisions: parents, dependsOn: [], branchLabels: [], file: `versions/${id}.py`, ...more };
}

describe("heads, roots, merges and branch points", () => {
  test.each([
    ["an empty folder", [], { heads: [], roots: [], merges: [], branchPoints: [] }],
    ["a chain", [node("a"), node("b", ["a"])], { heads: ["b"], roots: ["a"], merges: [], branchPoints: [] }],
    [
      "a fork",
      [node("a"), node("b", ["a"]), node("c", ["a"])],
      { heads: ["b", "c"], roots: ["a"], merges: [], branchPoints: ["a"] },
    ],
    [
      "a merged fork",
      [node("a"), node("b", ["a"]), node("c", ["a"]), node("d", ["b", "c"])],
      { heads: ["d"], roots: ["a"], merges: ["d"], branchPoints: ["a"] },
    ],
    ["two trees", [node("a"), node("b")], { heads: ["a", "b"], roots: ["a", "b"], merges: [], branchPoints: [] }],
  ])("%s", (_, nodes, expected) => {
    const { heads, roots, merges, branchPoints, faults } = buildGraph(nodes);
    expect({ heads, roots, merges, branchPoints }).toEqual(expected);
    expect(faults).toEqual([]);
  });

  test("a dependency orders revisions and takes no head away", () => {
    const graph = buildGraph([node("a"), node("b", [], { dependsOn: ["a"] })]);
    expect(graph.heads).toEqual(["a", "b"]);
    expect(pathBetween(graph, [], ["b"])).toEqual(["a", "b"]);
  });
});

describe("faults", () => {
  test("two files with one id are both named", () => {
    const graph = buildGraph([node("a"), node("a", [], { file: "versions/copy.py" })]);
    expect(graph.faults).toEqual([{ kind: "duplicate", id: "a", files: ["versions/a.py", "versions/copy.py"] }]);
  });

  test("a parent that no file declares is named with the file that wants it", () => {
    const graph = buildGraph([node("b", ["a"])]);
    expect(graph.faults).toEqual([{ kind: "missing-parent", id: "b", file: "versions/b.py", parent: "a" }]);
  });

  test("a dependency may be an id, the start of one or a label, and nothing else", () => {
    const wanted = ["cafe0123", "cafe", "billing", "nothing"];
    const graph = buildGraph([
      node("cafe0123", [], { branchLabels: ["billing"] }),
      node("b", [], { dependsOn: wanted }),
    ]);
    expect(graph.faults).toEqual([
      { kind: "missing-dependency", id: "b", file: "versions/b.py", dependency: "nothing" },
    ]);
  });

  test("a circle is found, and what only hangs on it is not part of it", () => {
    const graph = buildGraph([
      node("a", ["c"]),
      node("b", ["a"]),
      node("c", ["b"]),
      node("d", ["c"]),
      node("e", ["e"]),
    ]);
    expect(graph.faults).toEqual([
      { kind: "cycle", ids: ["a", "b", "c"] },
      { kind: "cycle", ids: ["e"] },
    ]);
  });

  test("a branch label stands in one revision only", () => {
    const graph = buildGraph([node("a", [], { branchLabels: ["x"] }), node("b", ["a"], { branchLabels: ["x"] })]);
    expect(graph.faults).toEqual([{ kind: "duplicate-label", label: "x", ids: ["a", "b"] }]);
  });
});

describe("targets", () => {
  const graph = buildGraph([
    node("a001"),
    node("b002", ["a001"], { branchLabels: ["billing"] }),
    node("c003", ["b002"]),
    node("d004", ["a001"]),
  ]);

  test.each([
    ["heads", ["c003", "d004"]],
    ["billing@head", ["c003"]],
    ["billing", ["b002"]],
    ["d004", ["d004"]],
    ["c003", ["c003"]],
  ])("%s", (target, ids) => {
    expect(resolveTarget(graph, target)).toEqual({ kind: "revisions", ids });
  });

  test.each(["head", "nowhere", "billing@nowhere", "nolabel@head"])("%s cannot be resolved", (target) => {
    expect(resolveTarget(graph, target).kind).toBe("unresolved");
  });
});

test("a database at a revision that no file declares is ahead of the code", () => {
  const graph = buildGraph([node("a"), node("b", ["a"])]);
  expect(unknownRevisions(graph, ["b", "z"])).toEqual(["z"]);
  expect(unknownRevisions(graph, ["a"])).toEqual([]);
});

/** Up to 12 nodes; each may have any of the earlier ones as parents, so that there is no circle. */
const acyclic = fc
  .array(fc.array(fc.nat({ max: 11 }), { maxLength: 3 }), { maxLength: 12 })
  .map((lists) =>
    lists.map((parents, index) =>
      node(`n${index}`, [...new Set(parents.filter((parent) => parent < index).map((parent) => `n${parent}`))]),
    ),
  );

/** Any edges at all, to unknown ids and in circles too. */
const anything = fc
  .array(fc.tuple(fc.nat({ max: 7 }), fc.array(fc.nat({ max: 9 }), { maxLength: 3 })), { maxLength: 10 })
  .map((rows) =>
    rows.map(([id, parents]) =>
      node(
        `n${id}`,
        parents.map((parent) => `n${parent}`),
      ),
    ),
  );

describe("for any graph", () => {
  test("a path runs parents before children and ends with all of the target applied", () => {
    fc.assert(
      fc.property(acyclic, fc.nat(), fc.nat(), (nodes, a, b) => {
        fc.pre(nodes.length > 0);
        const graph = buildGraph(nodes);
        const [from, to] = [a, b].map((n) => [nodes[n % nodes.length]?.id ?? ""]);
        const path = pathBetween(graph, from ?? [], to ?? []);
        const applied = ancestors(graph, from ?? []);
        for (const id of path) {
          expect(applied.has(id)).toBe(false);
          for (const parent of graph.parents.get(id) ?? []) expect(applied.has(parent)).toBe(true);
          applied.add(id);
        }
        for (const id of ancestors(graph, to ?? [])) expect(applied.has(id)).toBe(true);
      }),
    );
  });

  test("from nothing to the heads is every revision, once", () => {
    fc.assert(
      fc.property(acyclic, (nodes) => {
        const graph = buildGraph(nodes);
        expect(pathBetween(graph, [], graph.heads).sort()).toEqual(nodes.map(({ id }) => id).sort());
        expect(graph.faults).toEqual([]);
      }),
    );
  });

  test("a circle is reported exactly when no order exists, and nothing hangs", () => {
    fc.assert(
      fc.property(anything, (nodes) => {
        const graph = buildGraph(nodes);
        const ordered = topologicalOrder(graph.nodes.keys(), graph.parents).length === graph.nodes.size;
        expect(graph.faults.some(({ kind }) => kind === "cycle")).toBe(!ordered);
      }),
    );
  });

  test("the order does not depend on the order of the files", () => {
    fc.assert(
      fc.property(acyclic, (nodes) => {
        const there = buildGraph(nodes);
        const back = buildGraph([...nodes].reverse());
        expect(pathBetween(back, [], back.heads)).toEqual(pathBetween(there, [], there.heads));
      }),
    );
  });
});
