import type { AlembicEvent, ProjectSession, PythonFailure } from "./alembic-events.ts";
import { AlembicProcess, type AlembicRequest, type Answer } from "./alembic-process.ts";
import type { DatabaseSession } from "./database-session.ts";
import type { MigrationPorts } from "./migration-outcome.ts";
import type { AlembicProject } from "./read-project.ts";

/** What was seen of one revision while it ran. */
export interface RunningRevision {
  id: string;
  milliseconds: number;
  statements: number;
  /** Statements that finished, in order, as sent; parameters are never kept. */
  finished: string[];
}

export interface RunOptions {
  project: AlembicProject;
  env: MigrationPorts["env"];
  settings: Readonly<Record<string, unknown>>;
  session: DatabaseSession;
  ports: MigrationPorts;
  /** Aborted by a cancellation and by the deadline. */
  stop: AbortSignal;
  clean: (text: string) => string;
}

/** How long a stopped Alembic may take to roll back before it is interrupted, and then ended. */
const CANCEL_GRACE_MS = 1_500;
const INTERRUPT_GRACE_MS = 4_000;
const SLOW_STATEMENT_MS = 1_000;
const SHOWN_SQL_CHARACTERS = 2_000;

/** One Alembic process at work: shows what runs, keeps what was seen, stops it in order when told. */
export class UpgradeRun {
  readonly seen = new Map<string, RunningRevision>();
  observed: ProjectSession | undefined;
  session: ProjectSession | undefined;
  readonly #options: RunOptions;
  readonly #process: AlembicProcess;
  readonly #pids = new Set<number>();
  readonly #unseen: string[] = [];
  #observing = false;
  #current: RunningRevision | undefined;
  #statement: string | undefined;

  constructor(options: RunOptions) {
    this.#options = options;
    const { project, env, settings, ports, clean } = options;
    this.#process = new AlembicProcess({
      python: project.python,
      directory: project.directory,
      config: project.config,
      env,
      settings,
      onEvent: (event) => this.#see(event),
      onOutput: (lines) => {
        // What env.py prints while it is only asked where the database is, it prints again when it migrates.
        if (this.#observing) this.#unseen.push(clean(lines));
        else ports.log.quote(clean(lines));
      },
    });
  }

  /** Resolves when Alembic answered, also after a stop. */
  async request(request: AlembicRequest): Promise<Answer> {
    const { stop } = this.#options;
    const onStop = () => void this.#stopInOrder();
    stop.addEventListener("abort", onStop, { once: true });
    if (stop.aborted) onStop();
    this.#observing = request.do === "observe";
    try {
      const answer = await this.#process.request(request);
      if (answer.kind === "failed" && this.#unseen.length > 0) this.#options.ports.log.quote(this.#unseen.join("\n"));
      this.#unseen.length = 0;
      return answer;
    } finally {
      stop.removeEventListener("abort", onStop);
    }
  }

  close(): Promise<void> {
    return this.#process.close();
  }

  /** The statement is cancelled on the server first, so that Alembic itself rolls back and ends as after any error. */
  async #stopInOrder(): Promise<void> {
    const timers = [
      setTimeout(() => this.#process.interrupt(), CANCEL_GRACE_MS),
      setTimeout(() => this.#process.kill(), INTERRUPT_GRACE_MS),
    ];
    for (const timer of timers) timer.unref();
    const { session } = this.#options;
    await Promise.all([...this.#pids].map((pid) => session.cancel(pid).catch(() => undefined)));
  }

  #see(event: AlembicEvent): void {
    const { log } = this.#options.ports;
    switch (event.event) {
      case "connected":
        this.#pids.add(event.pid);
        return;
      case "unprepared":
        log.warning(`The timeouts could not be set on the project's connection: ${this.#options.clean(event.message)}`);
        return;
      case "observed":
        this.observed = event.session;
        return;
      case "session":
        this.session = event.session;
        log.info(
          `In force: lock_timeout ${event.session.lockTimeout}, statement_timeout ${event.session.statementTimeout}.`,
        );
        return;
      case "revision":
        this.#current = { id: event.id, milliseconds: 0, statements: 0, finished: [] };
        this.seen.set(event.id, this.#current);
        log.quote(`Revision ${event.id}: ${event.message} (${event.path})`);
        return;
      case "statement":
        this.#statement = event.sql;
        log.quote(indented(this.#options.clean(event.sql)));
        return;
      case "finished":
        if (this.#statement !== undefined) this.#current?.finished.push(this.#statement);
        // Of a data migration in batches this is the progress.
        if (event.rows > 1 || event.ms > SLOW_STATEMENT_MS)
          log.info(`    ${rowsText(event.rows)}${(event.ms / 1000).toFixed(2)} s`);
        this.#statement = undefined;
        return;
      case "applied":
        if (this.#current !== undefined)
          Object.assign(this.#current, { milliseconds: event.ms, statements: event.statements });
        log.info(`  ran in ${(event.ms / 1000).toFixed(2)} s, ${event.statements} statements.`);
        return;
      default:
    }
  }
}

const rowsText = (rows: number): string => (rows > 0 ? `${rows} rows, ` : "");

function indented(sql: string): string {
  const shown = sql.length > SHOWN_SQL_CHARACTERS ? `${sql.slice(0, SHOWN_SQL_CHARACTERS)} …` : sql;
  return shown
    .trim()
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => `  ${line}`)
    .join("\n");
}

/** PostgreSQL gave up waiting for a lock, or broke a deadlock: the same upgrade may go through later. */
export function isLockFailure({ sqlstate }: PythonFailure): boolean {
  return sqlstate === "55P03" || sqlstate === "40P01";
}
