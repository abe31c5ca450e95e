export * from "./arm.ts";
export * from "./cloud.ts";
export type * from "./context.ts";
export { Http, type HttpReply, type HttpRequest, TransportError } from "./http.ts";
export { type LedgerPlace, type LedgerStore, openLedger } from "./ledger-store.ts";
export * from "./operation.ts";
export { type Identity, SignIn } from "./sign-in.ts";
export * from "./site.ts";
export * from "./slot-creation.ts";
