import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { decodeStatement } from "@augeo/migrations";
import { expect, test } from "@jest/globals";

/** Nodes that end in Stmt and stand only within others. */
const PARTS = new Set(["RawStmt", "SetOperationStmt", "ReturnStmt", "PLAssignStmt", "ReplicaIdentityStmt"]);

/** Every kind of statement that the grammar knows, read from the types published with the parser. */
function statementKinds(): string[] {
  const types = createRequire(import.meta.url).resolve("@pgsql/types");
  const text = readFileSync(types.replace(/index\.js$/, "types.d.ts"), "utf8");
  return [...text.matchAll(/^export interface (\w+Stmt)\b/gm)].map(([, kind = ""]) => kind);
}

test("every kind of statement that PostgreSQL's grammar has is decided: judged or quiet", () => {
  const kinds = statementKinds().filter((kind) => !PARTS.has(kind));
  expect(kinds.length).toBeGreaterThan(100);
  const unseen = kinds.filter((kind) => decodeStatement({ [kind]: {} }).some(({ kind: what }) => what === "unseen"));
  expect(unseen).toEqual([]);
});

test("a kind of statement that is new is told as not judged", () => {
  expect(decodeStatement({ SplitTableStmt: {} })).toEqual([
    { kind: "unseen", reason: "what SplitTable does is not known to the gate" },
  ]);
});
