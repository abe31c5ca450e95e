/** What `action.yml` names. `post` has a stub of its own: a run killed before it could save any state still gets it right. */
export function stub(action: string, phase: "main" | "post", version: string): string {
  const values = [action, phase, version].map((value) => JSON.stringify(value)).join(", ");
  return `import { start } from "../shared/index.js";\n\nawait start(${values});\n`;
}

/** What `npx @augeo/deploy` starts. */
export function commandStub(): string {
  return `#!/usr/bin/env node
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
${nodeCheck("deploy")}
const { command } = await import("./shared/index.js");
await command(process.argv.slice(2), dirname(dirname(fileURLToPath(import.meta.url))));
`;
}

/** Said before anything is loaded that an older Node may not be able to read. */
function nodeCheck(program: string): string {
  return `const major = Number(process.versions.node.split(".")[0]);
if (major < 20) {
  console.error(\`Error: ${program} needs Node 20 or newer.\\nWhy: This is Node \${process.versions.node}.\\nFix: Install a newer Node, such as: nvm install 24\`);
  process.exit(2);
}`;
}

/** What `augeo-gate` starts, from a checkout or an installed package, and what pre-commit calls. */
export function gateStub(version: string): string {
  return `#!/usr/bin/env node
${nodeCheck("augeo-gate")}
const { startGate } = await import("./shared/index.js");
await startGate(process.argv.slice(2), ${JSON.stringify(version)});
`;
}
