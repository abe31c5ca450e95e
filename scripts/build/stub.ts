/** What `action.yml` names. `post` has a stub of its own: a run killed before it could save any state still gets it right. */
export function stub(action: string, phase: "main" | "post", version: string): string {
  const values = [action, phase, version].map((value) => JSON.stringify(value)).join(", ");
  return `import { start } from "../shared/index.js";\n\nawait start(${values});\n`;
}
