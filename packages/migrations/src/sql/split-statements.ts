/** One statement of a script, before parsing. Lines count from 1. */
export interface Piece {
  /** The statement without its leading comments and without its semicolon. */
  readonly sql: string;
  /** White space and comments before the first token (since the previous statement). */
  readonly leading: string;
  readonly line: number;
  readonly endLine: number;
  /** Characters (UTF-16 units, not bytes) from the start of the script. */
  readonly offset: number;
}

// The lexical rules are those of PostgreSQL's scan.l and psqlscan.l. libpg-query exposes PostgreSQL's scanner, but it
// renders every token as JSON (hundreds of MB for a 10 MB script) and gives up on the first lexical error, so splitting
// is done here; a property test holds the two against each other.
const NEXT =
  /--[^\n]*|\/\*|'|"|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|[();]|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w.]*|\S/g;

interface Cursor {
  depth: number;
  /** Nesting of BEGIN ATOMIC … END and CASE … END within a routine's body. */
  blocks: number;
  words: string[];
  firstToken: number;
}

const fresh = (): Cursor => ({ depth: 0, blocks: 0, words: [], firstToken: -1 });

/** Splits a script at its top-level semicolons. Never throws; an unterminated quote runs to the end of the text. */
export function splitStatements(script: string): Piece[] {
  const pieces: Piece[] = [];
  const lines = lineCounter(script);
  const scan = new RegExp(NEXT);
  let cursor = fresh();
  let start = 0;
  const close = (end: number) => {
    if (cursor.firstToken >= 0) pieces.push(piece(script, start, cursor.firstToken, end, lines));
    cursor = fresh();
  };
  for (let match = scan.exec(script); match !== null; match = scan.exec(script)) {
    const token = match[0];
    const at = match.index;
    if (token === "/*") {
      scan.lastIndex = endOfComment(script, at);
      // An unterminated comment is an error to PostgreSQL: it becomes a statement, which the parser then refuses.
      if (!script.startsWith("*/", scan.lastIndex - 2) && cursor.firstToken < 0) cursor.firstToken = at;
    } else if (token === ";" && cursor.depth === 0 && cursor.blocks === 0) {
      close(at);
      start = endOfCopiedRows(script, pieces.at(-1), at + 1);
      scan.lastIndex = start;
    } else if (token === "\\" && endsStatement(script, at, cursor)) {
      close(at);
      const end = endOfLine(script, at);
      pieces.push(piece(script, at, at, end, lines));
      start = end;
      scan.lastIndex = end;
    } else if (!token.startsWith("--") && token !== "\ufeff") {
      if (cursor.firstToken < 0) cursor.firstToken = at;
      scan.lastIndex = endOfToken(script, token, at, cursor);
    }
  }
  close(script.length);
  return pieces;
}

/**
 * No backslash begins anything in SQL outside quotes: it is a command to psql, which runs to the end of its line. Those
 * that send the statement before them stand behind it.
 */
const endsStatement = (script: string, at: number, { firstToken }: Cursor): boolean =>
  firstToken < 0 || /^\\(?:g|gx|gset|gexec|gdesc|watch|crosstabview|bind)\b/.test(script.slice(at, at + 16));

function endOfLine(script: string, from: number): number {
  const end = script.indexOf("\n", from);
  return end < 0 ? script.length : end;
}

/** The rows after COPY … FROM stdin up to the line `\\.`, as pg_dump writes them, are no SQL. */
function endOfCopiedRows(script: string, statement: Piece | undefined, from: number): number {
  if (statement === undefined || !/^copy\b[\s\S]*\bfrom\s+stdin\b/i.test(statement.sql.slice(0, 100_000))) return from;
  const end = /^\\\.[ \t\r]*$/gm;
  end.lastIndex = from;
  return end.exec(script) === null ? from : end.lastIndex;
}

function endOfToken(script: string, token: string, at: number, cursor: Cursor): number {
  const after = at + token.length;
  if (token === "(") cursor.depth += 1;
  else if (token === ")") cursor.depth = Math.max(0, cursor.depth - 1);
  else if (token === "'") return endOfQuote(script, after, "'", isEscapeString(script, at));
  else if (token === '"') return endOfQuote(script, after, '"', false);
  else if (token.startsWith("$") && token.length > 1) return endOfDollarQuote(script, token, after);
  else if (/^[A-Za-z]/.test(token)) noteWord(token.toLowerCase(), cursor);
  return after;
}

const isEscapeString = (script: string, at: number): boolean =>
  /[eE]/.test(script.charAt(at - 1)) && !/[\w$\u0080-\uffff]/.test(script.charAt(at - 2));

function endOfQuote(script: string, from: number, quote: string, escapes: boolean): number {
  const stop = escapes ? /\\[\s\S]|''|'/g : quote === "'" ? /''|'/g : /""|"/g;
  stop.lastIndex = from;
  for (let match = stop.exec(script); match !== null; match = stop.exec(script)) {
    if (match[0] === quote) return stop.lastIndex;
  }
  return script.length;
}

function endOfDollarQuote(script: string, tag: string, from: number): number {
  const end = script.indexOf(tag, from);
  return end < 0 ? script.length : end + tag.length;
}

function endOfComment(script: string, from: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = from;
  let depth = 0;
  for (let match = edge.exec(script); match !== null; match = edge.exec(script)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return script.length;
}

/** SQL-standard routine bodies hold semicolons between BEGIN ATOMIC and END, outside any quote. */
function noteWord(word: string, cursor: Cursor): void {
  if (cursor.words.length < 5) cursor.words.push(word);
  if (cursor.words[0] !== "create" || !cursor.words.some((known) => known === "function" || known === "procedure"))
    return;
  if (cursor.depth > 0) return;
  if (word === "begin") cursor.blocks += 1;
  else if (word === "case" && cursor.blocks > 0) cursor.blocks += 1;
  else if (word === "end" && cursor.blocks > 0) cursor.blocks -= 1;
}

function piece(script: string, start: number, first: number, end: number, lines: (offset: number) => number): Piece {
  const sql = script.slice(first, end).trimEnd();
  const line = lines(first);
  return { sql, leading: script.slice(start, first), line, endLine: lines(first + sql.length), offset: first };
}

/** Line of an offset, for offsets asked in ascending order: one pass over the text in all. */
function lineCounter(script: string): (offset: number) => number {
  let line = 1;
  let next = script.indexOf("\n");
  return (offset) => {
    while (next >= 0 && next < offset) {
      line += 1;
      next = script.indexOf("\n", next + 1);
    }
    return line;
  };
}
