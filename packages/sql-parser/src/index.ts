export { type Piece, splitStatements } from "@augeo/migrations";
export { loadSqlParser, MAX_STATEMENT_LENGTH, type SqlParser } from "./load-sql-parser.ts";
