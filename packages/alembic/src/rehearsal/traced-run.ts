import type { Effects, LockMode, Trace } from "@augeo/migrations";
import type { Client } from "pg";
import type { AlembicEvent, Exercise, ProjectSession } from "../alembic-events.ts";
import { AlembicProcess, type AlembicRequest, type Answer, type ProcessOptions } from "../alembic-process.ts";
import { type HeldTables, watchOutside } from "../trace/outside-transaction.ts";
import { effectsBetween, readSnapshot, type Snapshot, snapshotSql } from "../trace/snapshot.ts";

/** One statement of a revision, and the line of the Python file that led to it. */
export interface TracedStatement {
  trace: Trace;
  line: number | null;
  /** Ran outside a transaction. */
  autocommit: boolean;
  /** One call with many sets of values. */
  many: boolean;
}

interface Pending {
  sql: string;
  line: number | null;
  autocommit: boolean;
  many: boolean;
  before: Snapshot | undefined;
  watch: Promise<HeldTables> | undefined;
}

/** Where no watch could be kept, the locks of the statement are not known; its work is. */
const NOTHING_SEEN: HeldTables = { stop: async () => new Map() };

const TRUNCATE = /^\s*truncate\b/i;

/** The project's Alembic at work on a rehearsal database: answers to requests, and what was seen meanwhile. */
export class TracedRun {
  readonly #process: AlembicProcess;
  readonly #helper: Client;
  /** Everything printed since the last request. */
  readonly output: string[] = [];
  session: ProjectSession | undefined;
  drift: readonly string[] | undefined;
  exercises: readonly Exercise[] = [];
  /** Modules that revisions were given stand-ins for. */
  readonly standIns = new Set<string>();
  /** Statements of revisions run without a trace, in order. */
  plain: string[] = [];
  #statements: Promise<TracedStatement>[] = [];
  #pid = 0;
  #base: Snapshot | undefined;
  #last: Snapshot | undefined;
  #pending: Pending | undefined;
  #tracing = false;
  #held = false;
  /** Settles when the last watch on another session has ended. */
  #watched: Promise<unknown> = Promise.resolve();

  constructor(options: Omit<ProcessOptions, "onEvent" | "onOutput">, helper: Client) {
    this.#helper = helper;
    this.#process = new AlembicProcess({
      ...options,
      onEvent: (event) => this.#see(event),
      onOutput: (lines) => this.output.push(lines),
    });
  }

  /** Runs one revision and says what each of its statements did. The last one has `error` when it failed. */
  async trace(revision: string): Promise<{ answer: Answer; statements: TracedStatement[] }> {
    this.#statements = [];
    this.#base = undefined;
    this.#last = undefined;
    this.#tracing = true;
    const answer = await this.step("upgrade", revision, snapshotSql);
    this.#tracing = false;
    this.#closePending(answer);
    return { answer, statements: await Promise.all(this.#statements) };
  }

  /** Runs one revision, up or down. Committed when it resolves; env.py may be held open for the next. */
  step(direction: "upgrade" | "downgrade", revision: string, trace?: string): Promise<Answer> {
    this.#held = true;
    return this.#process.request({ do: direction, revision, ...(trace === undefined ? {} : { trace }) });
  }

  /** Lets an env.py that is held open come to its end, and says how that went. */
  async release(): Promise<Answer> {
    if (!this.#held) return { kind: "done" };
    this.#held = false;
    return this.#process.request({ do: "release" });
  }

  async request(request: AlembicRequest): Promise<Answer> {
    const released = await this.release();
    if (released.kind === "failed") return released;
    this.output.length = 0;
    return this.#process.request(request);
  }

  close(): Promise<void> {
    return this.#process.close();
  }

  kill(): void {
    this.#process.kill();
  }

  #see(event: AlembicEvent): void {
    switch (event.event) {
      case "observed":
      case "session":
        this.session = event.session;
        this.#pid = event.session.pid;
        return;
      case "drift":
        this.drift = event.items;
        return;
      case "stand-in":
        this.standIns.add(event.module);
        return;
      case "exercised":
        this.exercises = event.results;
        return;
      case "statement":
        if (this.#tracing) this.#begin(event);
        else this.plain.push(event.sql);
        return;
      case "finished":
        if (this.#tracing && event.after !== null) this.#finish(readSnapshot(event.after), event.ms);
        return;
      default:
    }
  }

  #begin({ sql, line, autocommit, many, before }: Extract<AlembicEvent, { event: "statement" }>): void {
    const snapshot = before === null ? this.#last : readSnapshot(before);
    this.#base ??= snapshot;
    this.#pending = { sql, line, autocommit, many, before: snapshot, watch: undefined };
    if (!autocommit || snapshot === undefined) return;
    // One watch at a time: all of them use the same second session.
    const held = this.#watched.then(() => watchOutside(this.#helper, this.#pid, snapshot)).catch(() => NOTHING_SEEN);
    this.#pending.watch = held;
    void held.then(() => this.#process.go());
  }

  #finish(after: Snapshot, durationMs: number): void {
    const pending = this.#pending;
    this.#pending = undefined;
    this.#last = after;
    const seen = this.#stopWatch(pending?.watch);
    if (pending?.before === undefined || this.#base === undefined) return;
    this.#statements.push(this.#measured({ ...pending, seen }, pending.before, this.#base, after, durationMs));
  }

  #stopWatch(watch: Pending["watch"]): Promise<ReadonlyMap<number, LockMode>> | undefined {
    if (watch === undefined) return undefined;
    const seen = watch.then((held) => held.stop()).catch(() => new Map<number, LockMode>());
    this.#watched = seen;
    return seen;
  }

  async #measured(
    { sql, line, autocommit, many, seen }: Pending & { seen: Promise<ReadonlyMap<number, LockMode>> | undefined },
    before: Snapshot,
    base: Snapshot,
    after: Snapshot,
    durationMs: number,
  ): Promise<TracedStatement> {
    const truncates = TRUNCATE.test(sql);
    const locks = seen === undefined ? after.locks : await seen;
    const own = seen === undefined ? before : { ...before, locks: new Map<number, LockMode>() };
    const effects: Effects = effectsBetween({ base, before: own, after: { ...after, locks }, truncates });
    return { trace: { statement: sql, ...effects, durationMs }, line, autocommit, many };
  }

  #closePending(answer: Answer): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending === undefined || answer.kind !== "failed") return;
    const { sqlstate, primary, message } = answer.failure;
    const error = `${sqlstate ?? "?????"}: ${primary ?? message.split("\n")[0] ?? ""}`;
    const { sql, line, autocommit, many, watch } = pending;
    const none = { locks: [], rewrites: [], scans: [], indexBuilds: [], durationMs: 0 };
    this.#statements.push(
      (async () => {
        await this.#stopWatch(watch);
        return { trace: { statement: sql, ...none, error }, line, autocommit, many };
      })(),
    );
  }
}
