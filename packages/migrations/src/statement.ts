/** Why a statement could not be read; the line is that of the script. */
export interface ParseFault {
  readonly message: string;
  readonly line: number;
}

/** The statements of a routine as far as its text tells. */
export interface Routine {
  /** Parse trees, in the order of the text. */
  readonly inner: readonly unknown[];
  /** Statements that are put together as it runs and are not known whole, or that cannot be read. */
  readonly hidden: number;
}

/** One statement of a script as the parser hands it over: foreign until `decodeStatement` makes operations of it. */
export interface Statement {
  readonly index: number;
  /** Which piece of `splitStatements` it was: a piece that cannot be read may hold several statements that can. */
  readonly piece: number;
  readonly sql: string;
  /** White space and comments before the statement: where suppressions stand. */
  readonly leading: string;
  /** First and last line in the script, from 1. */
  readonly line: number;
  readonly endLine: number;
  /** PostgreSQL's parse tree, as libpg-query prints it. */
  readonly ast?: unknown;
  /** What a DO block runs, or what the function runs that the statement makes. */
  readonly routine?: Routine;
  readonly fault?: ParseFault;
}
