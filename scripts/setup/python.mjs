import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { capture, repository, SetupError, step } from "./step.mjs";

const folder = join(repository, ".rehearsal", "venv");
const python = process.platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
const stamp = join(folder, "augeo-requirements.sha256");
/** The example app's own list: rehearsals run it, and the migration tools need nothing more. */
const requirements = join(repository, "examples", "auction-api", "base", "requirements.txt");
const OLDEST = [3, 10];

const isNewEnough = ([major, minor]) => major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);

/** The first Python on the path that is new enough. */
async function findPython() {
  const seen = [];
  for (const command of ["python3", "python"]) {
    const { code, output } = await capture(command, ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]);
    if (code === 0 && isNewEnough(output.split(".").map(Number))) return command;
    seen.push(`${command}: ${code === 0 ? output : "not there"}`);
  }
  const why = `the example app and Alembic run on it (${seen.join(", ")}).`;
  throw new SetupError(
    `Python ${OLDEST.join(".")} or newer was not found.`,
    why,
    "install it (Debian and Ubuntu: apt-get install python3 python3-venv) so that python3 is on the PATH.",
  );
}

async function makeEnvironment() {
  const command = await findPython();
  rmSync(folder, { recursive: true, force: true });
  const { code, output } = await capture(command, ["-m", "venv", folder]);
  if (code === 0) return;
  rmSync(folder, { recursive: true, force: true });
  throw new SetupError(
    `${command} could not make a virtual environment.`,
    output,
    "install the venv module (Debian and Ubuntu: apt-get install python3-venv).",
  );
}

async function installRequirements() {
  const { code, output } = await capture(python, [
    "-m",
    "pip",
    "install",
    "--disable-pip-version-check",
    "--no-input",
    "-r",
    requirements,
  ]);
  if (code !== 0)
    throw new SetupError(
      `pip ended with exit code ${code}.`,
      output.slice(-2000),
      "see pip's own message; it needs the network the first time.",
    );
}

/** Prepares the Python environment in `.rehearsal/venv` and resolves to its interpreter. */
export async function installPython() {
  const wanted = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return python;
  await step("Python environment", async () => {
    await makeEnvironment();
    await installRequirements();
    writeFileSync(stamp, wanted);
  });
  return python;
}
