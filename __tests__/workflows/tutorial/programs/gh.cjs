/** The gh command line, as far as the tutorial uses it: repositories and runs are those of the test's own GitHub. */
const { execFileSync } = require("node:child_process");
const { existsSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const args = process.argv.slice(2);
const { READER_CONTROL: control, READER_REMOTE: remote } = process.env;
const is = (...words) => words.every((word, index) => args[index] === word);
const option = (name) => args[args.indexOf(name) + 1];

function createRepository() {
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", remote]);
  execFileSync("git", ["remote", "add", option("--remote"), `https://github.com/${args[2]}.git`]);
  if (args.includes("--push")) execFileSync("git", ["push", "--quiet", "--set-upstream", option("--remote"), "HEAD"]);
}

function dispatch() {
  const fields = args.flatMap((one, index) => (one === "-f" ? [args[index + 1]] : []));
  const inputs = Object.fromEntries(
    fields.map((one) => [one.slice(0, one.indexOf("=")), one.slice(one.indexOf("=") + 1)]),
  );
  writeFileSync(join(control, "dispatch.json"), JSON.stringify({ workflow: args[2], inputs }));
}

async function watch() {
  const done = join(control, "done");
  writeFileSync(join(control, "watch"), "");
  while (!existsSync(done)) await new Promise((wake) => setTimeout(wake, 50));
  const { name, conclusion, error } = JSON.parse(readFileSync(done, "utf8"));
  rmSync(done);
  console.log(`${name}: ${conclusion}`);
  if (error) console.log(error);
  if (args.includes("--exit-status") && conclusion !== "success") process.exitCode = 1;
}

if (is("auth", "login")) console.log("Logged in as octocat");
else if (is("repo", "create")) createRepository();
else if (is("workflow", "run")) dispatch();
else if (is("run", "watch")) void watch();
else {
  console.error(`unknown command "${args.join(" ")}" for "gh"`);
  process.exitCode = 1;
}
