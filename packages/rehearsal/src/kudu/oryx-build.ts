import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ProcessGroup } from "../slots/process-group.ts";

export interface BuildOptions {
  /** The unpacked package; the environment `antenv` is made in it. */
  directory: string;
  python: string;
  /** Settings of the site, which are the build's environment too. */
  settings: Record<string, string>;
  signal: AbortSignal;
  onLine: (line: string) => void;
}

/**
 * The Python build of a deployment, step by step as the platform's builder does it, but without a network: `pip install`
 * runs with `--no-index` and finds what the cloud's own Python environment has. A requirement that is not there fails it.
 */
export async function oryxBuild(options: BuildOptions): Promise<boolean> {
  const say = options.onLine;
  say("Build orchestrated by Microsoft Oryx, https://github.com/Microsoft/Oryx");
  say(`Build Operation ID: ${Date.now().toString(16)}`);
  say("Detecting platforms...");
  if (!existsSync(join(options.directory, "requirements.txt"))) {
    say("Could not find 'requirements.txt' in the root of the package; skipping pip install.");
    return true;
  }
  say("Detected following platforms:");
  say("  python: 3.11");
  say(`Source directory     : ${options.directory}`);
  return (
    (await hook(options, "PRE_BUILD_COMMAND")) &&
    (await install(options)) &&
    (await hook(options, "POST_BUILD_COMMAND"))
  );
}

async function hook(options: BuildOptions, setting: string): Promise<boolean> {
  const command = options.settings[setting];
  if (!command) return true;
  options.onLine(`Executing ${setting.toLowerCase().replaceAll("_", "-")}...`);
  return (await run(options, command)) === 0;
}

async function install(options: BuildOptions): Promise<boolean> {
  const say = options.onLine;
  say("Creating virtual environment...");
  say("Python Virtual Environment: antenv");
  const made = await run(options, `'${options.python}' -m venv --without-pip --system-site-packages antenv`);
  if (made !== 0) return false;
  await lendPackages(options);
  say("Activating virtual environment...");
  say("Running pip install...");
  const code = await run(
    options,
    "antenv/bin/python -m pip install --no-index --no-cache-dir --disable-pip-version-check -r requirements.txt",
  );
  if (code === 0) {
    await writeFile(join(options.directory, "oryx-manifest.toml"), 'PlatformName="python"\nvirtualEnvName="antenv"\n');
    say("Done in 1 sec(s).");
    return true;
  }
  say(`Error: pip install failed with exit code ${code}`);
  return false;
}

/** `--system-site-packages` reaches the base interpreter only; the cloud's own environment is lent by a path file. */
async function lendPackages({ directory, python }: BuildOptions): Promise<void> {
  const own = await sitePackages(join(directory, "antenv"));
  const lent = await sitePackages(dirname(dirname(python)));
  if (own !== undefined && lent !== undefined) await writeFile(join(own, "image-packages.pth"), `${lent}\n`);
}

async function sitePackages(environment: string): Promise<string | undefined> {
  const library = join(environment, "lib");
  const version = (await readdir(library).catch(() => [])).find((name) => name.startsWith("python"));
  if (version === undefined) return undefined;
  const path = join(library, version, "site-packages");
  await mkdir(path, { recursive: true });
  return path;
}

async function run(options: BuildOptions, command: string): Promise<number> {
  const group = new ProcessGroup({
    command,
    directory: options.directory,
    environment: {
      ...options.settings,
      PATH: process.env.PATH ?? "/usr/bin:/bin",
      HOME: options.directory,
      LANG: "C.UTF-8",
    },
    onLine: options.onLine,
  });
  const stop = (): void => void group.stop(0);
  options.signal.addEventListener("abort", stop);
  const exit = await group.exited;
  options.signal.removeEventListener("abort", stop);
  return exit.code ?? 137;
}
