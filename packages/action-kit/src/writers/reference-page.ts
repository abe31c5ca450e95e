import type { ActionSpec } from "../spec.ts";
import { inputsTable, outputsTable, permissionsTable, reasonsTable } from "./tables.ts";

/** The page under `docs/reference/` that errors link to: each reason has an anchor. */
export function referencePage(spec: ActionSpec, uses: string): string {
  return [
    "<!-- Written by scripts/generate.ts from the action's spec.ts. -->",
    `# ${spec.name}`,
    spec.description,
    `\`uses: ${uses}\``,
    "## Inputs",
    inputsTable(spec),
    "## Outputs",
    outputsTable(spec),
    "## Reasons",
    reasonsTable(spec, { anchors: true }),
    "## Permissions",
    permissionsTable(spec),
    "",
  ]
    .join("\n\n")
    .replace(/\n+$/, "\n");
}
