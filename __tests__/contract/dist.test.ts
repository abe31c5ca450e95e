/** The bundles: fresh, within their budget, and loading only what they need. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { actionNames } from "../../scripts/build/action-folders.ts";
import { startEndpoints } from "../support/endpoint-server.ts";
import { dist, runAction } from "../support/run-action.ts";
import { root } from "../support/source-files.ts";

const folder = mkdtempSync(join(tmpdir(), "augeo-dist-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let names: readonly string[];
beforeAll(async () => {
  names = await actionNames();
});

function tree(path: string): Map<string, string> {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const full = join(entry.parentPath, entry.name);
      return [full.slice(path.length + 1), readFileSync(full, "utf8")];
    }),
  );
}

describe("dist", () => {
  test("is what the sources build, byte for byte, and within its budget: run npm run build", () => {
    const fresh = join(folder, "fresh");
    const build = spawnSync(process.execPath, [join(root, "scripts/build.ts")], {
      env: { ...process.env, AUGEO_DIST: fresh },
      cwd: tmpdir(),
      encoding: "utf8",
    });
    expect([build.status, build.stderr]).toEqual([0, ""]);
    const [want, have] = [tree(fresh), tree(dist)];
    const stale = [...new Set([...want.keys(), ...have.keys()])].filter((name) => want.get(name) !== have.get(name));
    expect(stale).toEqual([]);
  });

  test("names every action with its two stubs, and the licences of what it holds", () => {
    for (const name of names) {
      expect([name, existsSync(join(dist, name, "index.js")), existsSync(join(dist, name, "post.js"))]).toEqual([
        name,
        true,
        true,
      ]);
    }
    const licences = readFileSync(join(dist, "licenses.txt"), "utf8");
    for (const dependency of ["@actions/core", "@azure/identity", "undici"]) expect(licences).toContain(dependency);
  });

  test("carries no path of the machine that built it", () => {
    const paths = [...tree(dist)].filter(([, content]) => content.includes(root)).map(([name]) => name);
    expect(paths).toEqual([]);
  });
});

/** Files of the bundle that a run loads, by a hook that runs before it. */
async function loadedBy(name: string, inputs: Record<string, string>): Promise<string[]> {
  const list = join(folder, `${name}-${Date.now()}.txt`);
  const hook = join(folder, "hook.mjs");
  writeFileSync(
    hook,
    `import { appendFileSync } from "node:fs"; import { registerHooks } from "node:module";
registerHooks({ load(url, context, next) { if (url.startsWith("file:")) appendFileSync(process.env.LOADED_LIST, url + "\\n"); return next(url, context); } });`,
  );
  writeFileSync(list, "");
  await runAction(name, { inputs, env: { NODE_OPTIONS: `--import=${hook}`, LOADED_LIST: list } });
  return readFileSync(list, "utf8")
    .split("\n")
    .filter((url) => url.includes("/shared/"));
}

function packagesIn(urls: readonly string[]): Set<string> {
  const sources = urls.map((url) => readFileSync(new URL(url), "utf8")).join("\n");
  return new Set([...sources.matchAll(/\.\/node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//g)].map(([, name = ""]) => name));
}

const SDK = /^@azure\/|^@azure-rest\/|^@typespec\/|^@octokit\/|^pg$|^libpg-query$/;

describe("loading", () => {
  test("of any SDK happens for no action whose inputs are wrong", async () => {
    for (const name of names) {
      const heavy = [...packagesIn(await loadedBy(name, {}))].filter((one) => SDK.test(one));
      expect([name, heavy]).toEqual([name, []]);
    }
  });

  test("of any SDK never happens for a health probe", async () => {
    const server = await startEndpoints(() => ({ body: "ok" }));
    const loaded = await loadedBy("health-probe", { "health-path": server.url, interval: "50ms" });
    await server.close();
    expect(loaded.length).toBeGreaterThan(1);
    expect([...packagesIn(loaded)].filter((one) => SDK.test(one))).toEqual([]);
  });
});
