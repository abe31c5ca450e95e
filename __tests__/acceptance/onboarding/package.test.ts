/** The packages as npm gets them: what `npx @augeo/deploy` and `npx augeo-gate` start works with nothing beside it. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { temporaryFolder } from "../../../packages/rehearsal/src/temporary-folder.ts";
import { root } from "../../support/source-files.ts";

let folder: { path: string; remove(): Promise<void> };
let project: string;
beforeAll(async () => {
  folder = await temporaryFolder("package");
  project = join(folder.path, "project");
  const packages = join(folder.path, "npm");
  mkdirSync(project);
  execFileSync(process.execPath, [join(root, "scripts/pack-npm.ts"), packages]);
  const made = ["deploy", "augeo-gate"].map((name) => join(packages, name));
  execFileSync("npm", ["pack", "--silent", "--pack-destination", packages, ...made]);
  const tarballs = readdirSync(packages).filter((name) => name.endsWith(".tgz"));
  run("npm", "install", "--offline", ...tarballs.map((name) => join(packages, name)));
});
afterAll(() => folder.remove());

/** Runs a command in a project that has the packages and nothing else. */
function run(command: string, ...args: string[]): string {
  const env = { ...process.env, npm_config_cache: join(folder.path, "cache") };
  return execFileSync(command, args, { cwd: project, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
const manifest = (path: string) => JSON.parse(readFileSync(join(project, path, "package.json"), "utf8"));

test("two packages of one version are installed, and nothing for them", () => {
  const { version } = manifest("node_modules/@augeo/deploy");
  expect(version).toBe(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version);
  const installed = JSON.parse(readFileSync(join(project, "node_modules/.package-lock.json"), "utf8")).packages;
  expect(Object.keys(installed)).toEqual(["node_modules/@augeo/deploy", "node_modules/augeo-gate"]);
  expect(manifest("node_modules/augeo-gate").dependencies).toEqual({ "@augeo/deploy": version });
});

test("npx finds a command of the package's own name", () => {
  const { name, bin } = manifest("node_modules/@augeo/deploy");
  expect(bin[name.split("/")[1]]).toBe("dist/deploy.js");
});

test("init runs from it, and finds the starters in it", () => {
  const ids = [
    "--tenant-id",
    "00000000-0000-0000-0000-000000000001",
    "--subscription-id",
    "00000000-0000-0000-0000-000000000002",
  ];
  const script = run("npx", "--offline", "@augeo/deploy", "init", "--yes", "--repository", "octo-org/auction", ...ids);
  expect(script).toContain("az webapp create");
  expect(readFileSync(join(project, ".github/workflows/deploy.yml"), "utf8")).toContain("environment: production");
});

test("the gate runs as the package of its own name", () => {
  writeFileSync(join(project, "drop.sql"), "ALTER TABLE lots DROP COLUMN name;");
  const starter = join(project, "node_modules/augeo-gate/augeo-gate.js");
  const judged = spawnSync(process.execPath, [starter, "sql", "drop.sql", "--json"], {
    cwd: project,
    encoding: "utf8",
  });
  expect(judged).toMatchObject({ status: 1, stderr: "" });
  expect(JSON.parse(judged.stdout).findings).toContainEqual(expect.objectContaining({ rule: "drop-column" }));
});
