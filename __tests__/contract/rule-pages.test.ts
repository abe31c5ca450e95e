import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { root } from "../../scripts/build/action-folders.ts";
import { rulePages } from "../../scripts/build/rule-pages.ts";

const folder = join(root, "docs/rules");

test.each(rulePages().map(([path, content]) => [path, content] as const))(
  "%s is what its rule says",
  async (path, content) => {
    expect(await readFile(join(root, path), "utf8")).toBe(content);
  },
);

test("docs/rules/ holds no page without a rule", async () => {
  const expected = rulePages().map(([path]) => path.slice("docs/rules/".length));
  expect((await readdir(folder)).sort()).toEqual(expected.sort());
});
