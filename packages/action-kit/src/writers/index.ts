export { type ActionMetadata, actionMetadata } from "./action-yml.ts";
export { replaceMarked } from "./marked-part.ts";
export { referencePage } from "./reference-page.ts";
export { inputsTable, outputsTable, permissionsTable, reasonsTable } from "./tables.ts";
