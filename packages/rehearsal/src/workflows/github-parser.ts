/**
 * GitHub's own workflow parser and expression language, as its editor uses them. Their JSON imports lack the attribute
 * that Node demands, so a resolve hook adds it; the packages are otherwise taken as they are.
 */
import { registerHooks } from "node:module";

// Jest resolves modules itself: it needs no hook, and refuses one.
if (process.env.JEST_WORKER_ID === undefined) {
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      if (!specifier.endsWith(".min.json")) return resolved;
      return { ...resolved, importAttributes: { ...resolved.importAttributes, type: "json" } };
    },
  });
}

export const expressions = await import("@actions/expressions");
export const workflowParser = await import("@actions/workflow-parser");
