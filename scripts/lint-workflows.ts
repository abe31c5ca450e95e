/**
 * Lints every workflow and action of this repository and its templates.
 *   npm run lint:workflows [-- --require-zizmor]
 */
import { globSync } from "node:fs";
import { resolve } from "node:path";
import type { Finding } from "./lint/finding.ts";
import { lintSyntax } from "./lint/language-service.ts";
import { lintExpressions } from "./lint/script-injection.ts";
import { audit } from "./lint/zizmor.ts";

const root = resolve(import.meta.dirname, "..");
const patterns = [".github/workflows/*.yml", "workflows-templates/*.yml", "actions/*/action.yml", "action.yml"];
const files = patterns.flatMap((pattern) => globSync(pattern, { cwd: root }).sort());

const findings: Finding[] = [...(await lintSyntax(root, files)), ...(await lintExpressions(root, files))];
const audited = audit(root, [...files, ".github/dependabot.yml"]);
if ("absent" in audited) {
  console.error(`zizmor could not be installed, and was left out: ${audited.absent}`);
  if (process.argv.includes("--require-zizmor")) process.exitCode = 1;
} else findings.push(...audited);

for (const { file, line, message } of findings) console.error(`${file}:${line}: ${message}`);
console.log(`${files.length} files, ${findings.length} findings`);
if (findings.length > 0) process.exitCode = 1;
