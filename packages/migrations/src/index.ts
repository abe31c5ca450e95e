export * from "./behind-base.ts";
export * from "./contract-diff.ts";
export type { CatalogRoutine } from "./contract-routines.ts";
export * from "./gate-verdict.ts";
export * from "./hazards.ts";
export * from "./revision-graph.ts";
