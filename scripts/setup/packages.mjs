import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { capture, repository, SetupError, step } from "./step.mjs";

/** What npm wrote down last of what it installed: it is there only after an installation that came to its end. */
const installedLockfile = join(repository, "node_modules", ".package-lock.json");

function lockedPackages(file) {
  return Object.entries(JSON.parse(readFileSync(file, "utf8")).packages).filter(([path]) =>
    path.startsWith("node_modules/"),
  );
}

/** Whether node_modules holds what the lockfile says. Packages for other platforms are rightly absent. */
export function isInstalled() {
  if (!existsSync(installedLockfile)) return false;
  const installed = new Map(lockedPackages(installedLockfile));
  return lockedPackages(join(repository, "package-lock.json")).every(([path, wanted]) => {
    const found = installed.get(path);
    return found === undefined ? wanted.optional === true : found.version === wanted.version;
  });
}

/** npm's own words without its many warnings about engines and scripts. */
function reasonIn(output) {
  const lines = output.split("\n");
  const errors = lines.filter((line) => line.startsWith("npm error") && line.trim() !== "npm error");
  return (errors.length > 0 ? errors : lines).slice(0, 20).join("\n");
}

async function npm(...args) {
  const own = process.env.npm_execpath;
  const { code, output } = own?.endsWith(".js")
    ? await capture(process.execPath, [own, ...args])
    : await capture("npm", args);
  if (code !== undefined) return { code, output };
  throw new SetupError("npm did not start.", output, "install npm (it comes with Node.js) and run the command again.");
}

/**
 * `npm ci` refuses a lockfile that lacks packages for other platforms, which npm leaves out where a registry does not
 * have them. `npm install` takes the same locked versions; that it did so is checked after.
 */
async function install() {
  const strict = await npm("ci", ...QUICK);
  if (strict.code === 0 || !strict.output.includes("EUSAGE")) return strict;
  return npm("install", "--no-save", ...QUICK);
}

/** Nobody reads an audit or a plea here, and what the lockfile names by its hash may come from npm's own cache. */
const QUICK = ["--no-audit", "--no-fund", "--prefer-offline"];

export async function installPackages() {
  if (isInstalled()) return;
  await step("npm packages (the first time only, a minute or two)", async () => {
    const { code, output } = await install();
    const fix = "see npm's own message; with no network, run npm ci where there is one.";
    if (code !== 0) throw new SetupError(`npm ended with exit code ${code}.`, reasonIn(output), fix);
    if (isInstalled()) return;
    const why = "node_modules does not hold the versions of package-lock.json.";
    throw new SetupError(
      "npm installed something else than the lockfile says.",
      why,
      "run npm install and commit the lockfile.",
    );
  });
}
