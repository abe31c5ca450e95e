import { type ParseFault, type Piece, type Statement, splitStatements } from "@augeo/migrations";
import { at, firstStatement, type ParseSync } from "./parse-sql.ts";
import { readRoutine } from "./read-routine.ts";

/** PostgreSQL's own parser (the grammar of version 18), loaded once. */
export interface SqlParser {
  /** Every statement of a script, in order. Never throws: a statement that cannot be read carries `fault`. */
  statements(script: string): Statement[];
}

/** One statement may have this many characters before only its head is read: an AST weighs about ten times its text. */
export const MAX_STATEMENT_LENGTH = 1_000_000;

/** Loads the WASM module (about 60 ms, 1.7 MB). Call it once and share the result. */
export async function loadSqlParser(): Promise<SqlParser> {
  const { loadModule, parseSync } = await import("libpg-query");
  await loadModule();
  return { statements: (script) => readScript(script, parseSync) };
}

/**
 * A script's further statements are not read: no migration is this long, and judging must end. Repeats of one that was
 * read, as dumps of rows have them, do not count, so that what follows them is read; as many again are kept.
 */
export const MAX_STATEMENTS = 10_000;

function readScript(script: string, parse: ParseSync): Statement[] {
  const found: Statement[] = [];
  const seen = new Set<string>();
  let repeats = 0;
  for (const [position, piece] of splitStatements(script).entries()) {
    const rows = rowsOf(piece.sql);
    const isRepeat = rows !== undefined && seen.has(rows);
    if (isRepeat && repeats >= MAX_STATEMENTS) continue;
    if (isRepeat) repeats += 1;
    if (rows !== undefined) seen.add(rows);
    for (const statement of readPiece(piece, parse)) {
      const placed = { ...statement, index: found.length, piece: position };
      if (!isRepeat && found.length - repeats >= MAX_STATEMENTS) return [...found, unread(placed)];
      found.push(placed);
    }
  }
  return found;
}

const ROWS = /^insert\s+into\s+[^\s(]+\s*(?:\([^()]*\)\s*)?values\b|^select\b[^;]{0,200}$/i;

/** What statements share that do the same to the same table: rows written into it, or a query to the letter. */
const rowsOf = (sql: string): string | undefined => ROWS.exec(sql.slice(0, 2_000))?.[0].toLowerCase();

function unread(statement: Statement): Statement {
  const { ast: _, ...rest } = statement;
  const message = `the script has more than ${MAX_STATEMENTS} statements; those from here on were not read`;
  return { ...rest, fault: { message, line: statement.line } };
}

function readPiece(piece: Piece, parse: ParseSync): Statement[] {
  const whole = readStatement(piece, parse);
  if (whole.fault === undefined) return [whole];
  // An unterminated quote swallows what follows it; cutting at line ends brings the statements after it back.
  const parts = cutAtLineEnds(piece);
  if (parts.length < 2) return [whole];
  const read = parts.map((part) => readStatement(part, parse));
  return read.some((statement) => statement.fault === undefined) ? read : [whole];
}

function readStatement(piece: Piece, parse: ParseSync): Statement {
  const base = { ...piece, index: 0, piece: 0 };
  if (piece.sql.includes("\0"))
    return { ...base, fault: { message: "the statement holds a NUL byte", line: piece.line } };
  if (piece.sql.startsWith("\\"))
    return {
      ...base,
      fault: { message: "a command to psql, which is not SQL: what it runs is not seen", line: piece.line },
    };
  const sql = piece.sql.length > MAX_STATEMENT_LENGTH ? headOf(piece.sql) : piece.sql;
  if (sql === undefined)
    return { ...base, fault: { message: "the statement is too long to be read", line: piece.line } };
  try {
    const ast = firstStatement(parse(sql));
    const routine = readRoutine(ast, parse);
    return { ...base, ast, ...(routine && { routine }) };
  } catch (error) {
    return { ...base, fault: faultOf(error, piece) };
  }
}

function faultOf(error: unknown, piece: Piece): ParseFault {
  const message = error instanceof RangeError ? "the statement is nested too deeply" : messageOf(error);
  const position = at(error, "sqlDetails", "cursorPosition");
  const before = typeof position === "number" ? piece.sql.slice(0, position) : "";
  return { message, line: piece.line + (before.match(/\n/g)?.length ?? 0) };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A long INSERT … VALUES says all that matters in its first row. */
function headOf(sql: string): string | undefined {
  if (!/^\s*insert\b/i.test(sql)) return undefined;
  const values = /\bvalues\s*\(/i.exec(sql.slice(0, 100_000));
  if (values === null) return undefined;
  const columns = sql.slice(0, values.index);
  return `${columns} VALUES (NULL)`;
}

function cutAtLineEnds(piece: Piece): Piece[] {
  const parts: Piece[] = [];
  let offset = piece.offset;
  let line = piece.line;
  for (const text of piece.sql.split(/(?<=;[ \t]*\n)/)) {
    if (parts.length > MAX_STATEMENTS) break;
    for (const part of splitStatements(text)) {
      parts.push({
        ...part,
        offset: offset + part.offset,
        line: line + part.line - 1,
        endLine: line + part.endLine - 1,
      });
    }
    offset += text.length;
    line += text.split("\n").length - 1;
  }
  return parts;
}
