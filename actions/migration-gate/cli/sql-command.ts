import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { stripControls } from "@augeo/action-kit";
import {
  DEFAULT_VERSION,
  EMPTY_SCHEMA,
  findingsJson,
  foldStatements,
  type JudgeOptions,
  judgeRevision,
  renderComment,
  type Trace,
} from "@augeo/migrations";
import { UsageError } from "@augeo/release";
import { loadSqlParser } from "@augeo/sql-parser";
import { notUnderstood } from "../../cli/not-understood.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { renderFindings } from "./render-findings.ts";
import { type JudgedScript, scriptReport } from "./script-report.ts";

export const SQL_USAGE = `augeo-gate sql FILE [options]

Judges a script of SQL as one migration. FILE is a path, or - for standard input.

  --preamble SETUP.sql       what the database holds before: tables made here count as existing
  --postgres-version N       major version of the server (default 15, or that of --server-url)
  --in-transaction           the script runs in one transaction, as Alembic does
  --server-url URL           run it there too, in a throw-away database, and believe what is measured
  --json                     print findings as JSON (schema 1)
  --markdown                 print the report as Markdown, like the comment on a pull request

Exit code 0: nothing blocks; 1: something does; 2: the command was not understood; 3: nothing blocks in what could be
read, and not all of it could: neither safe nor unsafe.
`;

interface SqlRequest {
  readonly file: string;
  readonly sql: string;
  readonly preamble: string;
  readonly options: JudgeOptions;
  readonly serverUrl: string | undefined;
  readonly form: "text" | "json" | "markdown";
}

export interface CommandResult {
  readonly stdout: string;
  readonly exitCode: number;
}

/** @throws UsageError for arguments and files that cannot be used. */
export async function sqlCommand(args: readonly string[]): Promise<CommandResult> {
  const request = await readRequest(args);
  const parser = await loadSqlParser();
  const schema = request.preamble === "" ? EMPTY_SCHEMA : foldStatements(parser.statements(request.preamble));
  const rehearsed = await rehearse(request);
  const statements = parser.statements(request.sql);
  const options = { ...(rehearsed && versionsOf(rehearsed)), ...request.options };
  const traces = rehearsed?.traces;
  const judgement = judgeRevision({ statements, schema, options, ...(traces && { traces }) });
  const { file, sql } = request;
  const version = options.version ?? DEFAULT_VERSION;
  return rendered(request.form, { file, sql, statements, judgement, version, traces });
}

function rendered(form: SqlRequest["form"], script: JudgedScript): CommandResult {
  const report = scriptReport(script);
  const { conclusion, verdict } = report;
  const exitCode = EXIT_CODES[conclusion];
  if (form === "markdown") return { stdout: renderComment(report, { limit: Number.POSITIVE_INFINITY }), exitCode };
  const { findings, isLongBlocking } = script.judgement;
  if (form === "json") {
    const everything = { ...findingsJson(findings, isLongBlocking, script.traces), conclusion, verdict };
    return { stdout: `${JSON.stringify(everything, undefined, 2)}\n`, exitCode };
  }
  const doubt = conclusion === "unknown" ? `${stripControls(script.file)}: ${verdict}\n` : "";
  return { stdout: `${renderFindings(script.file, findings)}${doubt}`, exitCode };
}

async function readRequest(args: readonly string[]): Promise<SqlRequest> {
  const { values, positionals } = parsed(args);
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw usage("One file of SQL is expected.");
  const version =
    values["postgres-version"] === undefined ? undefined : Number.parseInt(values["postgres-version"], 10);
  if (version !== undefined && !(version >= 9 && version < 100)) {
    throw usage(`${JSON.stringify(values["postgres-version"])} is not a major version of PostgreSQL.`);
  }
  return {
    file,
    sql: file === "-" ? decode(await buffer(process.stdin)) : await read(file),
    preamble: values.preamble === undefined ? "" : await read(values.preamble),
    options: { inTransaction: values["in-transaction"] === true, ...(version === undefined ? {} : { version }) },
    serverUrl: values["server-url"],
    form: values.json === true ? "json" : values.markdown === true ? "markdown" : "text",
  };
}

const OPTIONS = {
  preamble: { type: "string" },
  "postgres-version": { type: "string" },
  "in-transaction": { type: "boolean" },
  "server-url": { type: "string" },
  json: { type: "boolean" },
  markdown: { type: "boolean" },
} as const;

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (cause) {
    throw notUnderstood("augeo-gate sql", Object.keys(OPTIONS), cause);
  }
}

const usage = (what: string): UsageError =>
  new UsageError({
    what,
    why: "The command could not be understood.",
    fix: "augeo-gate sql FILE [--preamble SETUP.sql] [--in-transaction] [--json | --markdown]",
  });

async function read(path: string): Promise<string> {
  try {
    return decode(await readFile(path));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError({ what: `${path} cannot be read.`, why, fix: "Give the path of a file of SQL." });
  }
}

/** Windows writes scripts in UTF-16, and a mark before UTF-8 that is no part of the first word. */
function decode(bytes: Buffer): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

interface Rehearsed {
  readonly version: number;
  readonly traces: Trace[];
}

const versionsOf = ({ version }: Rehearsed): JudgeOptions => ({ version, tracedVersion: version });

async function rehearse({ serverUrl, preamble, sql, options }: SqlRequest): Promise<Rehearsed | undefined> {
  if (serverUrl === undefined) return undefined;
  const { serverVersion, traceStatements } = await import("@augeo/alembic");
  const server = { url: serverUrl };
  const traces = await traceStatements(server, { preamble, sql, inTransaction: options.inTransaction === true });
  return { version: await serverVersion(server), traces };
}
