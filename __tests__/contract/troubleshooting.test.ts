/** What the troubleshooting page quotes is what the code says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { root, sourceFiles } from "../support/source-files.ts";

const page = readFileSync(join(root, "docs/troubleshooting.md"), "utf8");
const headings = [...page.matchAll(/^### (.+)$/gm)].map(([, text = ""]) => text);
const sources = sourceFiles("packages", "actions")
  .filter(({ path }) => !path.startsWith("packages/rehearsal/"))
  .map(({ path }) => readFileSync(join(root, path), "utf8"));

/** An expression inside a template stands for any name, as `…` does on the page. */
const messages = sources.map((text) => text.replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "…").replaceAll('\\"', '"'));

test("there are texts to look for", () => {
  expect(headings.length).toBeGreaterThan(20);
});

test.each(headings)("the code says: %s", (heading) => {
  expect(messages.some((text) => text.includes(heading))).toBe(true);
});
