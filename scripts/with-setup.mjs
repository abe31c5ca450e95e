/**
 * Runs a script of this repository on the Node the actions run on, setting up first whatever is missing:
 *
 *     node scripts/with-setup.mjs scripts/test.ts [arguments]
 *
 * Plain JavaScript for Node 20 and newer, because it runs before anything is installed. All it says goes to standard
 * error: standard output belongs to the script.
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { actionsNode } from "./setup/actions-node.mjs";
import { installPackages } from "./setup/packages.mjs";
import { linkPostgresLibraries } from "./setup/postgres-libraries.mjs";
import { installPython } from "./setup/python.mjs";
import { repository, SetupError } from "./setup/step.mjs";

async function setUp() {
  const [python] = await Promise.all([installPython(), installPackages().then(linkPostgresLibraries)]);
  return { node: actionsNode(), python };
}

function environment(python) {
  const env = { ...process.env, AUGEO_PYTHON: python };
  // Options meant for the Node that was called may be unknown to the one that is started, and would slow its children.
  delete env.NODE_OPTIONS;
  env.PATH = [join(repository, "node_modules", ".bin"), env.PATH].join(delimiter);
  return env;
}

function run({ node, python }, args) {
  const child = spawn(node, args, { stdio: "inherit", env: environment(python) });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  // npm that was killed outright passes no signal on: nothing may go on without it.
  const parent = process.ppid;
  if (parent !== 1) setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), 250).unref();
  child.on("error", (error) =>
    fail(new SetupError(`${node} did not start.`, error.message, "delete node_modules and run the command again.")),
  );
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function fail(error) {
  process.stderr.write(error instanceof SetupError ? `${error.message}\n` : `${error.stack}\n`);
  process.exit(1);
}

const args = process.argv.slice(2);
if (Number(process.versions.node.split(".")[0]) < 20)
  fail(
    new SetupError(
      `Node ${process.versions.node} is too old.`,
      "what is installed here needs Node 20 or newer; the actions themselves run on a Node 24 that is fetched.",
      "install a newer one, such as: nvm install 24",
    ),
  );
else if (args.length === 0)
  fail(
    new SetupError(
      "No script was named.",
      "this file only prepares and starts another one.",
      "node scripts/with-setup.mjs scripts/<name>.ts",
    ),
  );
else setUp().then((tools) => run(tools, args), fail);
