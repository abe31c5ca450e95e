import { type Fields, fieldsOf, flagIn, listIn, numberIn, textIn, textOrNull, textsIn } from "./decode.ts";

/** What the session of the project's own connection says of itself. */
export interface ProjectSession {
  /** As `SHOW` prints it: `5s`, `0`. */
  lockTimeout: string;
  statementTimeout: string;
  database: string;
  pid: number;
  /** `transaction_per_migration`: each revision commits by itself. */
  perMigration: boolean;
  /** env.py began a transaction before Alembic did: Alembic will not commit it. */
  external: boolean;
  versionTable: string;
  versionSchema: string | null;
  /** Whether it sees the gate's advisory lock: it then works on the same database of the same server. */
  sameDatabase: boolean;
  heads: readonly string[];
}

/** An exception of the project's Python, as far as it can be told apart. */
export interface PythonFailure {
  during: string;
  type: string;
  module: string;
  /** Names of the exception's classes, most derived first. */
  parents: readonly string[];
  message: string;
  /** Name of the module that could not be imported. */
  missing: string | null;
  sqlstate: string | null;
  primary: string | null;
  detail: string | null;
  hint: string | null;
  /** The revision that was running. */
  revision: string | null;
  statement: string | null;
  traceback: readonly string[];
  /** Innermost line of the project's own code. */
  frame: { file: string; line: number; function: string } | null;
}

/** What a statement carries while it is traced. */
export interface TracedStatement {
  /** Line of the revision file that led to it. */
  line: number | null;
  /** It runs outside a transaction, and waits for a go before it does. */
  autocommit: boolean;
  /** The snapshot before it, when it is the first of its transaction. */
  before: string | null;
}

/** A piece of SQL as Alembic prints it offline. */
export interface PrintedPiece {
  sql: string;
  line: number | null;
}

/** What mapped code did with one table. */
export interface Exercise {
  table: string;
  does: "select" | "insert";
  /** null: it went well. */
  sqlstate: string | null;
  message: string;
}

export type AlembicEvent =
  | { event: "started"; python: string; version: string }
  | { event: "loaded"; alembic: string; sqlalchemy: string }
  | { event: "connected"; pid: number }
  | { event: "unprepared"; message: string }
  | { event: "observed" | "session"; session: ProjectSession }
  | { event: "revision"; id: string; message: string; path: string }
  | ({ event: "statement"; sql: string; revision: string; many: boolean } & TracedStatement)
  | { event: "finished"; ms: number; rows: number; after: string | null }
  | { event: "offline"; pieces: readonly PrintedPiece[] }
  | { event: "printed"; revision: string; pieces: readonly PrintedPiece[]; failure: PythonFailure | null }
  | { event: "drift"; items: readonly string[] }
  | { event: "exercised"; tables: number; results: readonly Exercise[] }
  | { event: "applied"; id: string; ms: number; statements: number }
  | { event: "failed"; failure: PythonFailure }
  /** A revision imports a module that cannot be imported, and was given a stand-in. */
  | { event: "stand-in"; module: string }
  | { event: "done" };

export function decodeEvent(line: string): AlembicEvent {
  const fields = fieldsOf(JSON.parse(line), "event");
  const event = textIn(fields, "event");
  switch (event) {
    case "started":
      return { event, python: textIn(fields, "python"), version: textIn(fields, "version") };
    case "loaded":
      return { event, alembic: textIn(fields, "alembic"), sqlalchemy: textIn(fields, "sqlalchemy") };
    case "connected":
      return { event, pid: numberIn(fields, "pid") };
    case "unprepared":
      return { event, message: textIn(fields, "message") };
    case "observed":
    case "session":
      return { event, session: sessionOf(fields) };
    case "revision":
      return { event, id: textIn(fields, "id"), message: textIn(fields, "message"), path: textIn(fields, "path") };
    case "statement":
      return statementOf(fields);
    case "finished":
      return { event, ms: numberIn(fields, "ms"), rows: numberIn(fields, "rows"), after: textOrNull(fields, "after") };
    case "offline":
      return { event, pieces: listIn(fields, "pieces").map(pieceOf) };
    case "printed": {
      const { failure } = fields;
      return {
        event,
        revision: textIn(fields, "revision"),
        pieces: listIn(fields, "pieces").map(pieceOf),
        failure: failure === null ? null : failureOf(fieldsOf(failure, "failure")),
      };
    }
    case "drift":
      return { event, items: textsIn(fields, "items") };
    case "exercised":
      return { event, tables: numberIn(fields, "tables"), results: listIn(fields, "results").map(exerciseOf) };
    case "applied":
      return {
        event,
        id: textIn(fields, "id"),
        ms: numberIn(fields, "ms"),
        statements: numberIn(fields, "statements"),
      };
    case "failed":
      return { event, failure: failureOf(fields) };
    case "stand-in":
      return { event, module: textIn(fields, "module") };
    case "done":
      return { event };
    default:
      throw new TypeError(`unknown event ${event}`);
  }
}

function statementOf(fields: Fields): AlembicEvent {
  return {
    event: "statement",
    sql: textIn(fields, "sql"),
    revision: textIn(fields, "revision"),
    many: flagIn(fields, "many"),
    line: typeof fields.line === "number" ? fields.line : null,
    autocommit: flagIn(fields, "autocommit"),
    before: textOrNull(fields, "before"),
  };
}

function pieceOf(value: unknown): PrintedPiece {
  const fields = fieldsOf(value, "piece");
  return { sql: textIn(fields, "sql"), line: typeof fields.line === "number" ? fields.line : null };
}

function exerciseOf(value: unknown): Exercise {
  const fields = fieldsOf(value, "exercise");
  const message = textIn(fields, "message");
  const sqlstate = textOrNull(fields, "sqlstate") ?? (message === "" ? null : "?");
  return { table: textIn(fields, "table"), does: fields.does === "insert" ? "insert" : "select", sqlstate, message };
}

function sessionOf(fields: Fields): ProjectSession {
  return {
    lockTimeout: textIn(fields, "lockTimeout"),
    statementTimeout: textIn(fields, "statementTimeout"),
    database: textIn(fields, "database"),
    pid: numberIn(fields, "pid"),
    perMigration: flagIn(fields, "perMigration"),
    external: flagIn(fields, "external"),
    versionTable: textIn(fields, "versionTable"),
    versionSchema: textOrNull(fields, "versionSchema"),
    sameDatabase: flagIn(fields, "sameDatabase"),
    heads: textsIn(fields, "heads"),
  };
}

function failureOf(fields: Fields): PythonFailure {
  const frame = typeof fields.frame === "object" && fields.frame !== null ? fieldsOf(fields.frame, "frame") : undefined;
  return {
    during: textIn(fields, "during"),
    type: textIn(fields, "type"),
    module: textIn(fields, "module"),
    parents: textsIn(fields, "parents"),
    message: textIn(fields, "message"),
    missing: textOrNull(fields, "missing"),
    sqlstate: textOrNull(fields, "sqlstate"),
    primary: textOrNull(fields, "primary"),
    detail: textOrNull(fields, "detail"),
    hint: textOrNull(fields, "hint"),
    revision: textOrNull(fields, "revision"),
    statement: textOrNull(fields, "statement"),
    traceback: textsIn(fields, "traceback"),
    frame:
      frame === undefined
        ? null
        : { file: textIn(frame, "file"), line: numberIn(frame, "line"), function: textIn(frame, "function") },
  };
}

/** For a process that ended without a word. */
export function silentEnd(code: number | null, signal: string | null, revision: string | null): PythonFailure {
  return {
    during: "run",
    type: "ProcessEnded",
    module: "",
    parents: ["ProcessEnded"],
    message: signal === null ? `Python ended with exit code ${code ?? "?"}` : `Python was ended by ${signal}`,
    missing: null,
    sqlstate: null,
    primary: null,
    detail: null,
    hint: null,
    revision,
    statement: null,
    traceback: [],
    frame: null,
  };
}
