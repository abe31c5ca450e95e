#!/usr/bin/env node
/** Starts the gate's command line on a Node that runs TypeScript as it is. Plain JavaScript for Node 20 and newer. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { actionsNode } from "./setup/actions-node.mjs";
import { repository } from "./setup/step.mjs";

const child = spawn(actionsNode(), [join(repository, "actions/migration-gate/cli/main.ts"), ...process.argv.slice(2)], {
  stdio: "inherit",
});
child.on("error", (error) => {
  console.error(error.message);
  process.exitCode = 2;
});
child.on("close", (code) => {
  process.exitCode = code ?? 1;
});
