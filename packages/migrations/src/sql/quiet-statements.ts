/**
 * Statements that lock no table for long, write nothing anew and change nothing that old code relies on in a table. With
 * those that have a decoder, and those that rules know by their tag, every kind of statement is decided; what is in none
 * of these lists is told as not judged.
 */
export const QUIET: ReadonlySet<string> = new Set(
  `AlterCollationStmt AlterDatabaseRefreshCollStmt AlterDatabaseSetStmt AlterDatabaseStmt AlterEventTrigStmt
   AlterExtensionContentsStmt AlterFdwStmt AlterForeignServerStmt AlterObjectDependsStmt AlterOpFamilyStmt
   AlterOperatorStmt AlterOwnerStmt AlterRoleSetStmt AlterRoleStmt AlterStatsStmt AlterSubscriptionStmt
   AlterTSConfigurationStmt AlterTSDictionaryStmt AlterTableSpaceOptionsStmt AlterTypeStmt AlterUserMappingStmt
   CheckPointStmt ClosePortalStmt ConstraintsSetStmt CreateAmStmt CreateCastStmt CreateConversionStmt
   CreateEventTrigStmt CreateExtensionStmt CreateFdwStmt CreateForeignServerStmt CreateOpClassStmt
   CreateOpFamilyStmt CreatePLangStmt CreateTransformStmt CreateUserMappingStmt DeallocateStmt DefineStmt
   DiscardStmt DropUserMappingStmt ExplainStmt ImportForeignSchemaStmt ListenStmt LoadStmt NotifyStmt UnlistenStmt
   VariableShowStmt`.split(/\s+/),
);

/** Statements that no transaction may hold; `statement-outside-transaction` tells of them. */
export const STANDING_ALONE: ReadonlySet<string> = new Set([
  "CreatedbStmt",
  "AlterSystemStmt",
  "CreateTableSpaceStmt",
  "DropTableSpaceStmt",
  "CreateSubscriptionStmt",
  "DropSubscriptionStmt",
  "AlterDatabaseStmt tablespace",
  "AlterSubscriptionStmt refresh",
  "DiscardStmt all",
  "TransactionStmt prepared",
]);
