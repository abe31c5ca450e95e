export { decodeStatement } from "./sql/decode-statement.ts";
export type * from "./sql/operation.ts";
export type { ParseFault, Statement } from "./statement.ts";
export * from "./trace.ts";
