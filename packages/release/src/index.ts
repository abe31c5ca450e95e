export * from "./errors.ts";
export * from "./ledger-records.ts";
export type * from "./ports.ts";
export * from "./probe-verdict.ts";
