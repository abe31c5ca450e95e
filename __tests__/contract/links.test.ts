/** Every relative link of every page leads to a file, every anchor to a place in it, and every version to this one. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "@jest/globals";
import { root } from "../support/source-files.ts";

const listed = (...patterns: string[]): string[] =>
  execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", ...patterns], {
    cwd: root,
    encoding: "utf8",
  })
    .split("\n")
    .filter((path) => path !== "" && existsSync(join(root, path)));
const pages = listed("*.md");

/** Links outside code, as `[text](target)` and `![text](target)`. */
function linksOf(path: string): string[] {
  const text = readFileSync(join(root, path), "utf8").replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

function isBroken(page: string, target: string): boolean {
  const [file = "", anchor] = target.split("#");
  const path = file === "" ? page : normalize(join(dirname(page), file));
  if (!existsSync(join(root, path))) return true;
  return anchor !== undefined && path.endsWith(".md") && !anchorsOf(path).has(anchor);
}

/** Explicit anchors, and those that GitHub makes of headings. */
function anchorsOf(path: string): Set<string> {
  const text = readFileSync(join(root, path), "utf8");
  const headings = [...text.matchAll(/^#+\s+(.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(/\s/g, "-"),
  );
  return new Set([...headings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = ""]) => id)]);
}

test("every relative link leads somewhere", () => {
  const broken = pages.flatMap((page) =>
    linksOf(page)
      .filter((target) => isBroken(page, target))
      .map((target) => `${page}: ${target}`),
  );
  expect(pages.length).toBeGreaterThan(20);
  expect(broken).toEqual([]);
});

test("what names a version of this repository names the major one that its release tags", () => {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const named = listed("*.md", "*.ts", "*.yml", "*.json").flatMap((path) =>
    [...readFileSync(join(root, path), "utf8").matchAll(/augeo\/deploy-action\S*?[@/](v\d+)\b/g)].map(
      ([, tag = ""]) => ({ path, tag }),
    ),
  );
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter(({ tag }) => tag !== `v${version.split(".")[0]}`)).toEqual([]);
});
