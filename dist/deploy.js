#!/usr/bin/env node
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
const major = Number(process.versions.node.split(".")[0]);
if (major < 20) {
  console.error(`Error: deploy needs Node 20 or newer.\nWhy: This is Node ${process.versions.node}.\nFix: Install a newer Node, such as: nvm install 24`);
  process.exit(2);
}
const { command } = await import("./shared/index.js");
await command(process.argv.slice(2), dirname(dirname(fileURLToPath(import.meta.url))));
