/** The package as npm packs it: what `npx @augeo/deploy` starts works with nothing beside it. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { temporaryFolder } from "../../../packages/rehearsal/src/temporary-folder.ts";
import { root } from "../../support/source-files.ts";

let folder: { path: string; remove(): Promise<void> };
beforeAll(async () => {
  folder = await temporaryFolder("package");
  execFileSync("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder.path], { cwd: root });
  const name = execFileSync("ls", [folder.path], { encoding: "utf8" }).trim();
  execFileSync("tar", ["-xzf", join(folder.path, name), "-C", folder.path]);
}, 60_000);
afterAll(() => folder.remove());

const packed = (path: string) => join(folder.path, "package", path);

test("npx finds a command of the package's own name", () => {
  const { name, bin } = JSON.parse(readFileSync(packed("package.json"), "utf8"));
  expect(bin[name.split("/")[1]]).toBe("dist/deploy.js");
});

test("init runs from it, and finds the starters in it", () => {
  const ids = [
    "--tenant-id",
    "00000000-0000-0000-0000-000000000001",
    "--subscription-id",
    "00000000-0000-0000-0000-000000000002",
  ];
  const args = [packed("dist/deploy.js"), "init", "--yes", "--repository", "octo-org/auction", ...ids];
  const script = execFileSync(process.execPath, args, {
    cwd: folder.path,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  expect(script).toContain("az webapp create");
  expect(readFileSync(join(folder.path, ".github/workflows/deploy.yml"), "utf8")).toContain("environment: production");
});
