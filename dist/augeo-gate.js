#!/usr/bin/env node
const major = Number(process.versions.node.split(".")[0]);
if (major < 20) {
  console.error(`Error: augeo-gate needs Node 20 or newer.\nWhy: This is Node ${process.versions.node}.\nFix: Install a newer Node, such as: nvm install 24`);
  process.exit(2);
}
const { startGate } = await import("./shared/index.js");
await startGate(process.argv.slice(2), "1.0.0");
