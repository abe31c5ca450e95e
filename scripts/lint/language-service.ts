/** GitHub's own language service: syntax, needs, inputs, outputs. */
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import type { Finding } from "./finding.ts";

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
const { TextDocument } = await import("vscode-languageserver-textdocument");

export async function lintSyntax(root: string, files: readonly string[]): Promise<Finding[]> {
  /** Inputs and outputs of an action of this repository, whichever way it is named. */
  const fetchActionMetadata = async (reference: { owner: string; name: string; path?: string | undefined }) => {
    if (`${reference.owner}/${reference.name}` !== "augeo/deploy-action") return undefined;
    return parse(readFileSync(join(root, reference.path ?? "", "action.yml"), "utf8"));
  };
  const findings: Finding[] = [];
  for (const file of files) {
    const document = TextDocument.create(`file:///${file}`, "yaml", 1, readFileSync(join(root, file), "utf8"));
    const diagnostics = await validate(document, { actionsMetadataProvider: { fetchActionMetadata } });
    for (const { range, message: said, severity } of diagnostics) {
      const message = typeof said === "string" ? said : said.value;
      // The metadata of other repositories' actions is not at hand here: that they resolve is Dependabot's to keep.
      const elsewhere = message.startsWith("Unable to resolve action") && !message.includes("augeo/");
      // It has no payload of this event; GitHub's documentation of webhooks has, with base_sha.
      const unknownPayload = message === "Context access might be invalid: merge_group";
      if ((severity ?? 1) <= 2 && !elsewhere && !unknownPayload)
        findings.push({ file, line: range.start.line + 1, message });
    }
  }
  return findings;
}
