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

export async function installPackages() {
  if (isInstalled()) return;
  await step("npm packages", async () => {
    const npm = process.env.npm_execpath;
    const { code, output } = npm?.endsWith(".js")
      ? await capture(process.execPath, [npm, "ci"])
      : await capture("npm", ["ci"]);
    if (code === undefined)
      throw new SetupError(
        "npm did not start.",
        output,
        "install npm (it comes with Node.js) and run the command again.",
      );
    if (code !== 0)
      throw new SetupError(
        `npm ci ended with exit code ${code}.`,
        output,
        "see npm's own message; with no network, run npm ci where there is one.",
      );
  });
}
