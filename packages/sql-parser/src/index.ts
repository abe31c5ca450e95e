export { type Piece, splitStatements } from "@augeo/migrations";
export { loadSqlParser, MAX_STATEMENT_LENGTH, MAX_STATEMENTS, type SqlParser } from "./load-sql-parser.ts";
